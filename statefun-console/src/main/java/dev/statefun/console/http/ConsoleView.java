package dev.statefun.console.http;

/**
 * A part of the console's API.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ConsoleView {

	/**
	 * Add the paths of this part.
	 * @param routes takes them
	 */
	void addTo(Routes routes);

}
