package dev.statefun.console.autoconfigure;

/**
 * Location of the console.
 *
 * @param pathInContext path within the context, with the prefix of Spring MVC's servlet
 */
record ConsoleLocation(String pathInContext) {

	/** Path within Spring MVC's servlet. */
	static final String PATH = "/statefun-console";

}
