/**
 * Stateful functions for StateFun clusters: what a function sees, how it is registered,
 * and the handler that answers the cluster's requests.
 */
@NullMarked
package dev.statefun.sdk;

import org.jspecify.annotations.NullMarked;
