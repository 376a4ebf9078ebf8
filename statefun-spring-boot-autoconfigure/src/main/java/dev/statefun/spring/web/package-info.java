/**
 * Endpoint that clusters call, on Spring MVC.
 */
@NullMarked
package dev.statefun.spring.web;

import org.jspecify.annotations.NullMarked;
