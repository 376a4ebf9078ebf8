package dev.statefun.flink.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.statefun.sdk.FunctionType;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;

/**
 * A module whose ingresses and egresses are replaced by those of this process.
 *
 * @param release release that reads its format
 * @param text the module.yaml without ingresses, routers and egresses
 * @param functions types of its functions, or {@code <namespace>/*}
 * @param egresses ids of the egresses that were there
 * @param ingresses ids of the ingresses that were there
 */
record SubmittedModule(FlinkRelease release, String text, Set<String> functions, Set<String> egresses,
		Set<String> ingresses) {

	static SubmittedModule of(String text) {
		LoaderOptions limits = new LoaderOptions();
		limits.setAllowDuplicateKeys(false);
		DumperOptions block = new DumperOptions();
		block.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
		Yaml yaml = new Yaml(new SafeConstructor(limits), new Representer(block), block, limits);
		Set<String> egresses = new LinkedHashSet<>();
		Set<String> ingresses = new LinkedHashSet<>();
		Set<String> functions = new LinkedHashSet<>();
		List<Object> kept = new ArrayList<>();
		FlinkRelease release = FlinkRelease.STATEFUN_3_3;
		try {
			for (Object document : yaml.loadAll(text)) {
				if (document instanceof Map<?, ?> map && map.get("module") instanceof Map<?, ?> module
						&& module.get("spec") instanceof Map<?, ?> spec) {
					if (String.valueOf(map.get("version")).startsWith("3")) {
						throw new FlinkClusterException("Found a module of the format " + map.get("version")
								+ ", which is that of 3.0; expected the module.yaml that the application writes "
								+ "with --statefun.module.write-to");
					}
					release = FlinkRelease.STATEFUN_2_2;
					names(spec.get("functions"), "function", "type", functions);
					names(spec.get("egresses"), "egress", "id", egresses);
					names(spec.get("ingresses"), "ingress", "id", ingresses);
					List.of("egresses", "ingresses", "routers").forEach(spec::remove);
					kept.add(document);
				}
				else if (document instanceof Map<?, ?> map) {
					Set<String> replaced = kind(map).endsWith("/egress") ? egresses
							: kind(map).endsWith("/ingress") ? ingresses : null;
					if (replaced == null) {
						kept.add(document);
						if (map.get("spec") instanceof Map<?, ?> spec && spec.get("functions") instanceof String type) {
							functions.add(type);
						}
					}
					else if (map.get("spec") instanceof Map<?, ?> spec) {
						replaced.add(String.valueOf(spec.get("id")));
					}
				}
			}
		}
		catch (YAMLException ex) {
			throw new FlinkClusterException("The module is no YAML: " + ex.getMessage(), ex);
		}
		if (kept.isEmpty()) {
			throw new FlinkClusterException(
					"The module has no functions; expected the module.yaml that the application "
							+ "writes with --statefun.module.write-to");
		}
		return new SubmittedModule(release, yaml.dumpAll(kept.iterator()), functions, egresses, ingresses);
	}

	boolean serves(FunctionType type) {
		return this.functions.contains(type.toString()) || this.functions.contains(type.namespace() + "/*");
	}

	private static String kind(Map<?, ?> document) {
		return String.valueOf(document.get("kind"));
	}

	private static void names(@Nullable Object entries, String name, String key, Collection<String> names) {
		if (entries instanceof Collection<?> all) {
			for (Object entry : all) {
				if (entry instanceof Map<?, ?> map && map.get(name) instanceof Map<?, ?> content
						&& content.get("meta") instanceof Map<?, ?> meta) {
					names.add(String.valueOf(meta.get(key)));
				}
			}
		}
	}

}
