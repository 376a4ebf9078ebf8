package dev.statefun.module;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/**
 * Writes YAML documents in block style, with durations as quoted texts with a unit.
 */
final class YamlText {

	private YamlText() {
	}

	static String write(List<String> comments, List<Map<String, ?>> documents) {
		Yaml yaml = new Yaml(new ModuleRepresenter(options()), options());
		return comments.stream().map((line) -> "# " + line + "\n").collect(Collectors.joining())
				+ documents.stream().map(yaml::dump).collect(Collectors.joining("---\n"));
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

	private static final class ModuleRepresenter extends Representer {

		private ModuleRepresenter(DumperOptions options) {
			super(options);
			this.representers.put(Duration.class, (data) -> representScalar(Tag.STR,
					YamlDurations.write((Duration) data), DumperOptions.ScalarStyle.DOUBLE_QUOTED));
			this.representers.put(SecretText.Reference.class, (data) -> representScalar(Tag.STR,
					((SecretText.Reference) data).text(), DumperOptions.ScalarStyle.LITERAL));
		}

	}

}
