package dev.statefun.module.settings;

import org.jspecify.annotations.Nullable;

/**
 * AWS region. Without an id, the cluster's machine determines it.
 *
 * @param id id of the region
 * @param endpoint endpoint to use instead of that of the region
 * @since 0.1.0
 */
public record Region(@Nullable String id, @Nullable String endpoint) {

	/**
	 * Create a region.
	 * @param id id of the region
	 * @param endpoint endpoint to use instead of that of the region
	 * @throws IllegalArgumentException if there is an endpoint without an id
	 */
	public Region {
		Checks.isTrue(endpoint == null || id != null, () -> "A region of AWS with an 'endpoint' needs an 'id'");
	}

}
