package dev.statefun.spring.boot.autoconfigure.gateway.web;

/**
 * Location at which an application's functions can be reached.
 *
 * @param pathInContext path within the servlet context, with the prefix of Spring MVC's
 * servlet
 */
record GatewayLocation(String pathInContext) {

}
