/**
 * What many requests at once, second deliveries and the end of the application mean for a
 * single request.
 */
@NullMarked
package dev.statefun.spring.traffic;

import org.jspecify.annotations.NullMarked;
