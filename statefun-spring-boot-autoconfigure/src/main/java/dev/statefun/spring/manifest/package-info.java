/**
 * What functions keep and take, written down so that later versions can be compared.
 */
@NullMarked
package dev.statefun.spring.manifest;

import org.jspecify.annotations.NullMarked;
