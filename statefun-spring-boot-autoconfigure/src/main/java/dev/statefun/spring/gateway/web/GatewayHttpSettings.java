package dev.statefun.spring.gateway.web;

import java.time.Duration;

/**
 * Settings of the HTTP access to functions.
 *
 * @param pathInContext path within the application's context
 * @param timeout maximum duration of a request
 * @param maxRequestSize maximum size of a body in bytes
 * @param maxWaiting maximum number of requests that wait for a reply
 * @since 0.1.0
 */
public record GatewayHttpSettings(String pathInContext, Duration timeout, int maxRequestSize, int maxWaiting) {

}
