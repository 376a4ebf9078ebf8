package dev.statefun.spring.boot.autoconfigure.web;

import java.util.Collection;
import java.util.List;

import jakarta.servlet.ServletRegistration;
import org.jspecify.annotations.Nullable;

/**
 * Mapping of a servlet that a server chooses for a path, by the rules of the servlet
 * specification: the mapping that is equal, the longest prefix, the extension, the
 * default.
 *
 * @param servlet the servlet's registration
 * @param mapping its mapping
 */
record ServletMatch(ServletRegistration servlet, String mapping) {

	private static final int NONE = -1;

	private static final int DEFAULT = 0;

	private static final int EXTENSION = 1;

	/**
	 * Find the mapping that a server chooses.
	 * @param servlets all servlets
	 * @param path path within the servlet context
	 * @return the mapping, or {@code null} if there is none
	 */
	static @Nullable ServletMatch find(Collection<? extends ServletRegistration> servlets, String path) {
		ServletMatch chosen = null;
		int best = NONE;
		for (ServletRegistration servlet : servlets) {
			// Some servers have none where others have an empty collection
			Collection<String> mappings = (servlet.getMappings() != null) ? servlet.getMappings() : List.of();
			for (String mapping : mappings) {
				int rank = rankOf(mapping, path);
				if (rank > best) {
					best = rank;
					chosen = new ServletMatch(servlet, mapping);
				}
			}
		}
		return chosen;
	}

	private static int rankOf(String mapping, String path) {
		if (mapping.equals("/")) {
			return DEFAULT;
		}
		if (mapping.equals(path) || (mapping.isEmpty() && path.equals("/"))) {
			return Integer.MAX_VALUE;
		}
		if (mapping.endsWith("/*")) {
			String prefix = mapping.substring(0, mapping.length() - 2);
			boolean matches = path.equals(prefix) || path.startsWith(prefix + "/");
			return matches ? EXTENSION + 1 + prefix.length() : NONE;
		}
		if (mapping.startsWith("*.")) {
			return path.endsWith(mapping.substring(1)) ? EXTENSION : NONE;
		}
		return NONE;
	}

	/**
	 * Return whether the mapping matches only one path.
	 * @return whether it has no wildcard
	 */
	boolean isExact() {
		return !this.mapping.equals("/") && this.mapping.indexOf('*') < 0;
	}

}
