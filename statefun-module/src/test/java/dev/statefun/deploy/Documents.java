package dev.statefun.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.NullUnmarked;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Reads YAML documents, and values in them.
 */
@NullUnmarked
final class Documents {

	private Documents() {
	}

	@SuppressWarnings("unchecked")
	static List<Map<String, Object>> in(String yaml) {
		List<Map<String, Object>> documents = new ArrayList<>();
		new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml)
			.forEach((document) -> documents.add((Map<String, Object>) document));
		return documents;
	}

	/**
	 * Return a value.
	 * @param tree map or list
	 * @param path keys and indexes, separated by blanks
	 * @return the value
	 */
	@SuppressWarnings("unchecked")
	static <T> T at(Object tree, String path) {
		Object value = tree;
		for (String key : path.split(" ")) {
			value = (value instanceof List<?> list) ? list.get(Integer.parseInt(key)) : ((Map<?, ?>) value).get(key);
			if (value == null) {
				throw new AssertionError("There is no '" + key + "' of '" + path + "'");
			}
		}
		return (T) value;
	}

	static Map<String, Object> object(String yaml, String kind, String name) {
		return in(yaml).stream()
			.filter((document) -> document.get("kind").equals(kind) && at(document, "metadata name").equals(name))
			.findFirst()
			.orElseThrow();
	}

}
