package dev.statefun.module;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Part of a YAML file, with its place, which the values alone do not have.
 *
 * @param node parsed node
 * @param where description of the part
 */
record YamlPart(Node node, String where) {

	/** Far above the size of any module. */
	private static final int MAX_CHARACTERS = 3_000_000;

	private static final int MAX_DOCUMENTS = 10_000;

	/**
	 * Read a file. SnakeYAML limits the depth and the number of aliases.
	 * @param text the text of the file
	 * @return its non-empty documents
	 * @throws YAMLException if it can't be read, or is larger than any module
	 */
	static List<YamlPart> documents(String text) {
		if (text.length() > MAX_CHARACTERS) {
			throw new YAMLException("it has more than " + MAX_CHARACTERS + " characters");
		}
		List<YamlPart> documents = new ArrayList<>();
		int count = 0;
		for (Node node : new Yaml(new SafeConstructor(new LoaderOptions())).composeAll(new StringReader(text))) {
			if (++count > MAX_DOCUMENTS) {
				throw new YAMLException("it has more than " + MAX_DOCUMENTS + " documents");
			}
			if (node.getTag() != Tag.NULL) {
				documents.add(new YamlPart(node, "document " + (documents.size() + 1)));
			}
		}
		return documents;
	}

	YamlPart named(String where) {
		return new YamlPart(this.node, where);
	}

	String place() {
		return "line " + (this.node.getStartMark().getLine() + 1) + ", " + this.where;
	}

	boolean isMap() {
		return this.node instanceof MappingNode;
	}

	boolean isList() {
		return this.node instanceof SequenceNode;
	}

	// Values that Jackson, which clusters read the file with, takes for texts
	boolean isText() {
		return this.node.getTag().equals(Tag.STR);
	}

	boolean isNull() {
		return this.node.getTag().equals(Tag.NULL);
	}

	/**
	 * Return the value as in the file.
	 * @return the text, or {@code null} if the part is a map, a list or nothing
	 */
	@Nullable String text() {
		return (this.node instanceof ScalarNode scalar && !isNull()) ? scalar.getValue() : null;
	}

	/**
	 * Return the values of a map by key; of several with one key, the last counts.
	 * @return the values, or none if the part is no map
	 */
	Map<String, YamlPart> entries() {
		Map<String, YamlPart> entries = new LinkedHashMap<>();
		for (NodeTuple tuple : tuples()) {
			entries.put(key(tuple), new YamlPart(tuple.getValueNode(), this.where));
		}
		return entries;
	}

	List<String> repeatedKeys() {
		List<String> keys = new ArrayList<>(tuples().stream().map(YamlPart::key).toList());
		entries().keySet().forEach(keys::remove);
		return keys;
	}

	private List<NodeTuple> tuples() {
		return (this.node instanceof MappingNode map) ? map.getValue() : List.of();
	}

	private static String key(NodeTuple tuple) {
		// Not the text of a map or list, which may hold itself
		return (tuple.getKeyNode() instanceof ScalarNode scalar) ? scalar.getValue() : "(a key that is no text)";
	}

	@Nullable YamlPart get(String key) {
		return entries().get(key);
	}

	/**
	 * Return the part at a path of keys.
	 * @param keys the keys
	 * @return the part, or {@code null} if there is none
	 */
	@Nullable YamlPart at(String... keys) {
		YamlPart part = this;
		for (String key : keys) {
			part = part.get(key);
			if (part == null) {
				return null;
			}
		}
		return part;
	}

	@Nullable String textAt(String... keys) {
		YamlPart part = at(keys);
		return (part != null) ? part.text() : null;
	}

	List<YamlPart> items() {
		return (this.node instanceof SequenceNode list)
				? list.getValue().stream().map((item) -> new YamlPart(item, this.where)).toList() : List.of();
	}

	List<YamlPart> itemsAt(String key) {
		YamlPart part = get(key);
		return (part != null) ? part.items() : List.of();
	}

}
