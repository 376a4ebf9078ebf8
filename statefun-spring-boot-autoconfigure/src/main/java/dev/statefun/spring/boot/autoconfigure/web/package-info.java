/**
 * Auto-configuration of the endpoint on Spring MVC.
 */
@NullMarked
package dev.statefun.spring.boot.autoconfigure.web;

import org.jspecify.annotations.NullMarked;
