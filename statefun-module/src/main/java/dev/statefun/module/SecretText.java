package dev.statefun.module;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Text to write in place of a value that may be secret.
 */
interface SecretText {

	/** Name of the reference to the secret in the path. */
	String ENDPOINT = "STATEFUN_SECURITY_SECRET";

	/**
	 * Return what to write.
	 * @param value the value
	 * @param path names that lead to it
	 * @return text or {@link Reference}
	 */
	Object write(String value, String... path);

	static SecretText shown() {
		return (value, path) -> value;
	}

	static SecretText masked() {
		return (value, path) -> ModuleSettings.MASK;
	}

	/**
	 * Reference to a variable. A block of its own, so that any value of one line can
	 * replace it.
	 *
	 * @param name name of the variable
	 */
	record Reference(String name) {

		String text() {
			return "${" + this.name + "}";
		}

	}

	/**
	 * Writes references, and collects their names.
	 */
	final class References implements SecretText {

		private final Map<String, String> values = new LinkedHashMap<>();

		@Override
		public Object write(String value, String... path) {
			String name = String.join("_", path).toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_");
			String free = name;
			for (int i = 2; this.values.containsKey(free) && !value.equals(this.values.get(free)); i++) {
				free = name + "_" + i;
			}
			this.values.put(free, value);
			return new Reference(free);
		}

		List<String> names() {
			return new ArrayList<>(this.values.keySet());
		}

	}

}
