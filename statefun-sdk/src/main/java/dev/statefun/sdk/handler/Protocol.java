package dev.statefun.sdk.handler;

import dev.statefun.sdk.protocol.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * Generations of clusters that are served.
 *
 * @since 0.1.0
 */
public enum Protocol {

	/**
	 * Both generations, detected from each request. An ambiguous request is treated as
	 * 2.x (protocol.md §2.2).
	 */
	AUTO(null),

	/**
	 * Clusters of 2.0 to 2.2 only; a request that is surely of 3.x is refused.
	 */
	V2(Dialect.V2),

	/**
	 * Clusters of 3.0 to 3.3 only; a request that is surely of 2.x is refused.
	 */
	V3(Dialect.V3);

	private final @Nullable Dialect dialect;

	Protocol(@Nullable Dialect dialect) {
		this.dialect = dialect;
	}

	@Nullable Dialect dialect() {
		return this.dialect;
	}

}
