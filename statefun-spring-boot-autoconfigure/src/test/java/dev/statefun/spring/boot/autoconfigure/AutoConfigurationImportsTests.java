package dev.statefun.spring.boot.autoconfigure;

import java.io.IOException;
import java.util.List;
import java.util.Properties;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.core.io.support.PropertiesLoaderUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the imports file lists exactly the auto-configurations.
 */
class AutoConfigurationImportsTests {

	@Test
	void everyAutoConfigurationIsListedInOrder() {
		List<String> classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
			.importPackages("dev.statefun.spring")
			.stream()
			.filter((type) -> type.isAnnotatedWith(AutoConfiguration.class))
			.map(JavaClass::getName)
			.sorted()
			.toList();
		assertThat(classes).hasSizeGreaterThanOrEqualTo(5);
		assertThat(listed()).isEqualTo(classes);
	}

	// Without them, Boot reads each class at every start to evaluate its conditions
	@Test
	void conditionsOfEveryAutoConfigurationAreInTheMetadataFile() throws IOException {
		Properties metadata = PropertiesLoaderUtils
			.loadAllProperties("META-INF/spring-autoconfigure-metadata.properties");
		assertThat(metadata.stringPropertyNames()).containsAll(listed());
	}

	private List<String> listed() {
		return ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader())
			.getCandidates()
			.stream()
			.filter((name) -> name.startsWith("dev.statefun."))
			.toList();
	}

}
