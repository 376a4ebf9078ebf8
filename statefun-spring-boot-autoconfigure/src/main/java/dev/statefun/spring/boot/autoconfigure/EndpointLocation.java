package dev.statefun.spring.boot.autoconfigure;

/**
 * Where this application serves its functions, if it does.
 *
 * @param path path on the server, with what the server and Spring MVC put before it
 */
record EndpointLocation(String path) {

}
