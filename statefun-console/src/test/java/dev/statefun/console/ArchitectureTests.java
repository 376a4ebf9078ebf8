package dev.statefun.console;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.statefun.console.http.ConsoleHandler;
import dev.statefun.testing.ModuleRules;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rules for the structure of this module.
 */
class ArchitectureTests {

	private static final JavaClasses CLASSES = ModuleRules.classesOf("dev.statefun.console");

	@Test
	void rulesHaveClassesToCheck() {
		assertThat(CLASSES.size()).isGreaterThan(40);
		assertThat(CLASSES.contain(ConsoleHandler.class)).isTrue();
	}

	@Test
	void packagesHaveNoCycles() {
		ModuleRules.requireNoCycles(CLASSES);
	}

	@Test
	void everyPackageIsNullMarked() {
		ModuleRules.requireNullMarkedPackages(CLASSES);
	}

	@Test
	void classNamesDescribeRoles() {
		ModuleRules.requireDescriptiveNames(CLASSES);
	}

	// It is optional
	@Test
	void localRuntimeIsUsedInOnePackage() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackages("dev.statefun.console.local", "dev.statefun.console.autoconfigure")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.statefun.local..")
			.check(CLASSES);
	}

	@Test
	void nothingDependsOnAutoConfiguration() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackage("..autoconfigure..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("..autoconfigure..")
			.check(CLASSES);
	}

	@Test
	void nothingUsesTheWireLayer() {
		ArchRuleDefinition.noClasses()
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.statefun.sdk.protocol..")
			.check(CLASSES);
	}

}
