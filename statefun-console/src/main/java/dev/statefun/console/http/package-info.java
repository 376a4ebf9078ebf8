/**
 * HTTP side of the console: routes, checks, JSON, static files.
 */
@NullMarked
package dev.statefun.console.http;

import org.jspecify.annotations.NullMarked;
