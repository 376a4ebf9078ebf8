package dev.statefun.spring.boot.autoconfigure.security;

/**
 * Path of the endpoint within the servlet context.
 *
 * @param path the path, with the prefix of Spring MVC's servlet
 */
record EndpointPath(String path) {

}
