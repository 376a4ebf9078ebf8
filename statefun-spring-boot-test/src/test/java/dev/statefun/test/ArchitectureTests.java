package dev.statefun.test;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.statefun.testing.ModuleRules;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rules for the structure of this module.
 */
class ArchitectureTests {

	private static final JavaClasses CLASSES = ModuleRules.classesOf("dev.statefun.test",
			"dev.statefun.spring.boot.test");

	@Test
	void rulesLookAtThisModule() {
		assertThat(CLASSES.size()).isGreaterThan(15);
		assertThat(CLASSES.contain(StatefulFunctionTester.class)).isTrue();
	}

	@Test
	void testerNeedsNoSpring() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage("dev.statefun.test..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework..", "dev.statefun.spring..", "tools.jackson..", "org.junit..")
			.check(CLASSES);
	}

	@Test
	void namesSayWhatAClassIsFor() {
		ModuleRules.requireDescriptiveNames(CLASSES);
	}

}
