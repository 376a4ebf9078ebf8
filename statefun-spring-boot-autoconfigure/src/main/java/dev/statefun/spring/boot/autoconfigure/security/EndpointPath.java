package dev.statefun.spring.boot.autoconfigure.security;

/**
 * The path of the endpoint within the servlet context.
 *
 * @param path the path, with what Spring MVC's servlet puts before it
 */
record EndpointPath(String path) {

}
