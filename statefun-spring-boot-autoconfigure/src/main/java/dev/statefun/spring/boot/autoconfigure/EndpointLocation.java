package dev.statefun.spring.boot.autoconfigure;

/**
 * Location at which this application serves its functions.
 *
 * @param path path on the server, with the prefixes of the server and of Spring MVC
 */
record EndpointLocation(String path) {

}
