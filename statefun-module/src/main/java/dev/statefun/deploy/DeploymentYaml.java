package dev.statefun.deploy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * Writes YAML documents in block style.
 */
final class DeploymentYaml {

	private DeploymentYaml() {
	}

	static String write(List<String> comments, List<Map<String, Object>> documents) {
		Yaml yaml = new Yaml(options());
		return comments(comments) + documents.stream().map(yaml::dump).collect(Collectors.joining("---\n"));
	}

	static String comments(List<String> lines) {
		return lines.stream().map((line) -> "# " + line + "\n").collect(Collectors.joining());
	}

	private static DumperOptions options() {
		DumperOptions options = new DumperOptions();
		options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
		options.setIndent(2);
		options.setIndicatorIndent(2);
		options.setIndentWithIndicator(true);
		options.setSplitLines(false);
		options.setLineBreak(DumperOptions.LineBreak.UNIX);
		return options;
	}

}
