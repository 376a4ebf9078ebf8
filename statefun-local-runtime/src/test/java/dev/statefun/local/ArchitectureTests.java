package dev.statefun.local;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rules for the dependencies of this module.
 */
class ArchitectureTests {

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("dev.statefun.local");

	@Test
	void rulesHaveClassesToCheck() {
		assertThat(CLASSES.size()).isGreaterThan(30);
		assertThat(CLASSES.contain(LocalRuntime.class)).isTrue();
	}

	@Test
	void packagesHaveNoCycles() {
		SlicesRuleDefinition.slices().matching("dev.statefun.(**)").should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void moduleIsPlainJava() {
		ArchRuleDefinition.noClasses()
			.should()
			.dependOnClassesThat()
			.resideOutsideOfPackages("dev.statefun.local..", "dev.statefun.sdk..", "java..", "com.sun.net.httpserver..",
					"com.google.protobuf..", "org.jspecify.annotations..")
			.check(CLASSES);
		GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(CLASSES);
		GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
	}

	@Test
	void runtimeDoesNotDependOnThePlayground() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage("dev.statefun.local")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("dev.statefun.local.playground..", "com.sun.net.httpserver..")
			.check(CLASSES);
	}

}
