package dev.statefun.test;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
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

	// The interface of the client, and its exception, need none either
	@Test
	void testerNeedsNoSpring() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage("dev.statefun.test..")
			.should()
			.dependOnClassesThat(JavaClass.Predicates
				.resideInAnyPackage("org.springframework..", "dev.statefun.spring..", "tools.jackson..", "org.junit..")
				.and(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage("dev.statefun.spring.client"))))
			.check(CLASSES);
	}

	@Test
	void namesSayWhatAClassIsFor() {
		ModuleRules.requireDescriptiveNames(CLASSES);
	}

}
