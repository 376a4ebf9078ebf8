/**
 * Deployment files for an application and the cluster that calls it.
 */
@NullMarked
package dev.statefun.deploy;

import org.jspecify.annotations.NullMarked;
