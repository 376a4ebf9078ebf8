package dev.statefun.console.autoconfigure;

import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.core.io.support.PropertiesLoaderUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that properties, their metadata and their documentation agree.
 */
class ConsoleMetadataTests {

	@Test
	void everyPropertyIsDescribedAndDocumentedWithItsDefault() throws Exception {
		String page = Files.readString(Path.of("../docs/reference/console.md"));
		List<JsonNode> properties = properties();
		assertThat(properties).hasSize(StatefunConsoleProperties.class.getRecordComponents().length);
		for (JsonNode property : properties) {
			assertThat(property.path("description").asString()).isNotBlank().endsWith(".").doesNotStartWith("The ");
			JsonNode value = property.path("defaultValue");
			String text = value.isArray() ? "" : value.asString();
			assertThat(page).contains("| `" + property.path("name").asString() + "` | "
					+ (text.isEmpty() ? "none" : "`" + text + "`") + " |");
		}
	}

	@Test
	void autoConfigurationIsListedWithItsConditions() throws Exception {
		String name = StatefunConsoleAutoConfiguration.class.getName();
		assertThat(ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()).getCandidates())
			.contains(name);
		Properties metadata = PropertiesLoaderUtils
			.loadAllProperties("META-INF/spring-autoconfigure-metadata.properties");
		assertThat(metadata.stringPropertyNames()).contains(name);
	}

	// The other modules on the class path have such files, too
	private static List<JsonNode> properties() throws Exception {
		List<JsonNode> properties = new ArrayList<>();
		for (URL file : Collections.list(StatefunConsoleProperties.class.getClassLoader()
			.getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream metadata = file.openStream()) {
				JsonMapper.shared()
					.readTree(metadata)
					.path("properties")
					.valueStream()
					.filter((property) -> property.path("name").asString().startsWith("statefun.console."))
					.forEach(properties::add);
			}
		}
		return properties;
	}

}
