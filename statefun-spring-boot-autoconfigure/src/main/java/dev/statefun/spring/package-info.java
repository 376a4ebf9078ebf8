/**
 * Declaration and discovery of stateful functions as Spring beans.
 */
@NullMarked
package dev.statefun.spring;

import org.jspecify.annotations.NullMarked;
