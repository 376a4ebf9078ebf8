package dev.statefun.console.view;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.statefun.console.http.ConsoleException;
import dev.statefun.console.http.ConsoleView;
import dev.statefun.console.http.Problem;
import dev.statefun.console.http.Routes;
import dev.statefun.console.http.Routes.RouteHandler;

/**
 * Paths that this application does not have, each with the reason.
 *
 * @since 0.1.0
 */
public final class UnavailableView implements ConsoleView {

	private final Map<String, String> paths = new LinkedHashMap<>();

	/**
	 * Create a part without paths.
	 */
	public UnavailableView() {
	}

	/**
	 * Add paths.
	 * @param reason why they are not available
	 * @param paths the paths
	 * @return this part
	 */
	public UnavailableView without(String reason, String... paths) {
		for (String path : paths) {
			this.paths.put(path, reason);
		}
		return this;
	}

	/**
	 * Return the reasons.
	 * @return the reasons by path
	 */
	public Map<String, String> reasons() {
		return this.paths;
	}

	@Override
	public void addTo(Routes routes) {
		this.paths.forEach((path, reason) -> {
			RouteHandler handler = (request) -> {
				throw new ConsoleException(Problem.UNAVAILABLE, reason);
			};
			routes.get(path, handler);
			routes.query(path, handler);
		});
	}

}
