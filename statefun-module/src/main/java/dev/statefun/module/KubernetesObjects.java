package dev.statefun.module;

import java.util.List;
import java.util.Map;

import dev.statefun.module.ModuleFinding.Kind;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Recognizes a manifest of Kubernetes that is given in place of a module.yaml, and finds
 * the module in it.
 */
final class KubernetesObjects {

	private KubernetesObjects() {
	}

	/**
	 * Report a manifest of Kubernetes.
	 * @param documents the documents of the file
	 * @param findings receives the finding
	 * @return whether the file is a manifest of Kubernetes
	 */
	static boolean report(List<YamlPart> documents, Findings findings) {
		List<YamlPart> objects = documents.stream().filter(KubernetesObjects::isObject).toList();
		for (YamlPart object : objects) {
			YamlPart data = named(object).get("data");
			Map.Entry<String, YamlPart> module = (data != null) ? moduleIn(data) : null;
			if (module != null) {
				findings.error(Kind.UNREADABLE, module.getValue().place(),
						"a Kubernetes " + object.textAt("kind") + " with the module in it",
						"the module alone, as clusters read it from the file that is made of it",
						"Extract the text of the key '" + module.getKey() + "' below 'data' into a file, as with "
								+ "\"yq '.data[\"" + module.getKey() + "\"]'\", and give that file");
				return true;
			}
		}
		if (!objects.isEmpty()) {
			findings.error(Kind.UNREADABLE, named(objects.get(0)).place(), "a Kubernetes object",
					"a module.yaml: 'version' and 'module' (2.x), or documents with 'kind' and 'spec' (3.x)",
					"Give the file that the ConfigMap with the module is made of");
		}
		return !objects.isEmpty();
	}

	private static boolean isObject(YamlPart document) {
		return document.get("apiVersion") != null && document.get("kind") != null;
	}

	private static YamlPart named(YamlPart object) {
		String name = object.textAt("metadata", "name");
		return object
			.named(object.where() + " (" + object.textAt("kind") + ((name != null) ? " '" + name + "'" : "") + ")");
	}

	private static Map.@Nullable Entry<String, YamlPart> moduleIn(YamlPart data) {
		return data.entries()
			.entrySet()
			.stream()
			.filter((entry) -> isModule(entry.getValue().text()))
			.findFirst()
			.orElse(null);
	}

	private static boolean isModule(@Nullable String text) {
		try {
			return text != null && YamlPart.documents(text)
				.stream()
				.anyMatch((document) -> document.get("module") != null
						|| document.get("kind") != null && document.get("spec") != null);
		}
		catch (YAMLException ex) {
			// Another file of the application
			return false;
		}
	}

}
