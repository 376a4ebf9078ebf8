package dev.statefun.docs;

import java.io.InputStream;
import java.util.Comparator;
import java.util.stream.Collectors;

import dev.statefun.spring.boot.autoconfigure.StatefunProperties;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Generates and checks the page with all properties, based on their metadata.
 */
class PropertiesPageTests {

	@Test
	void pageHasAllProperties() throws Exception {
		StringBuilder page = new StringBuilder(
				"""
						# Properties
						All properties, as editors show them; this page is generated. What they are for: [Configuration](configuration.md). Those of the
						console, `statefun.console.*`, are described in [Console](console.md#in-an-application).

						| property | type | default | |
						|---|---|---|---|
						""");
		try (InputStream metadata = StatefunProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			JsonMapper.shared()
				.readTree(metadata)
				.path("properties")
				.valueStream()
				.filter((property) -> property.path("name").asString().startsWith("statefun."))
				.sorted(Comparator.comparing((property) -> property.path("name").asString()))
				.forEach((property) -> page.append(row(property)));
		}
		new GeneratedPage("properties.md").isUpToDate(page.toString());
	}

	private static String row(JsonNode property) {
		JsonNode value = property.path("defaultValue");
		String text = value.isArray() ? value.valueStream().map(JsonNode::asString).collect(Collectors.joining(","))
				: value.asString();
		String type = property.path("type").asString().replaceAll("[a-z]+\\.", "").replace('$', '.').replace(",", ", ");
		return "| `" + property.path("name").asString() + "` | `" + type + "` | "
				+ (text.isEmpty() ? "" : "`" + text + "`") + " | " + property.path("description").asString() + " |\n";
	}

}
