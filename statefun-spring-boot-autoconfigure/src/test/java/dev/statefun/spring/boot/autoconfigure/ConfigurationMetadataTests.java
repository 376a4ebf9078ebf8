package dev.statefun.spring.boot.autoconfigure;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that properties, their metadata and their documentation agree.
 */
class ConfigurationMetadataTests {

	@Test
	void everyPropertyIsDescribedAndDocumentedWithItsDefault() throws Exception {
		String page = Files.readString(Path.of("../docs/reference/configuration.md"));
		List<JsonNode> properties = properties();
		assertThat(properties).extracting((property) -> property.path("name").asString())
			.containsExactlyInAnyOrder("statefun.enabled", "statefun.failure.dead-letter.egress",
					"statefun.failure.dead-letter.format", "statefun.failure.dead-letter.kind",
					"statefun.failure.dead-letter.topic", "statefun.failure.exceptions", "statefun.failure.policy",
					"statefun.functions", "statefun.path", "statefun.protocol");
		for (JsonNode property : properties) {
			assertThat(property.path("description").asString()).isNotBlank().endsWith(".").doesNotStartWith("The ");
			String defaultValue = property.path("defaultValue").asString();
			assertThat(page).contains("| `" + property.path("name").asString() + "` | "
					+ (defaultValue.isEmpty() ? "" : "`" + defaultValue + "` ") + "|");
		}
	}

	private static List<JsonNode> properties() throws Exception {
		try (InputStream metadata = StatefunProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			return JsonMapper.builder()
				.build()
				.readTree(metadata)
				.path("properties")
				.valueStream()
				.filter((property) -> property.path("name").asString().startsWith("statefun."))
				.toList();
		}
	}

}
