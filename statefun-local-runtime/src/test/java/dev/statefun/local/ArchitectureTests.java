package dev.statefun.local;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.statefun.testing.ModuleRules;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rules for the dependencies of this module.
 */
class ArchitectureTests {

	private static final JavaClasses CLASSES = ModuleRules.classesOf("dev.statefun.local");

	@Test
	void rulesHaveClassesToCheck() {
		assertThat(CLASSES.size()).isGreaterThan(30);
		assertThat(CLASSES.contain(LocalRuntime.class)).isTrue();
	}

	@Test
	void packagesHaveNoCycles() {
		ModuleRules.requireNoCycles(CLASSES);
	}

	@Test
	void moduleIsPlainJava() {
		ArchRuleDefinition.noClasses()
			.should()
			.dependOnClassesThat()
			.resideOutsideOfPackages("dev.statefun.local..", "dev.statefun.sdk..", "java..", "com.sun.net.httpserver..",
					"com.google.protobuf..", "org.jspecify.annotations..")
			.check(CLASSES);
		ModuleRules.requireSilence(CLASSES);
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
