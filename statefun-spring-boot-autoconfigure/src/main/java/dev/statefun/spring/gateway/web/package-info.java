/**
 * HTTP access to functions through a gateway, on Spring MVC.
 */
@NullMarked
package dev.statefun.spring.gateway.web;

import org.jspecify.annotations.NullMarked;
