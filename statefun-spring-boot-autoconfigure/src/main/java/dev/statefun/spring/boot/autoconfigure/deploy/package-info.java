/**
 * Auto-configuration of deployment files.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure.deploy;

import org.jspecify.annotations.NullMarked;
