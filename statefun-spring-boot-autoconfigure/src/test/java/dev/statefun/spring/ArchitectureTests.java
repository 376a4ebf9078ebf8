package dev.statefun.spring;

import java.util.Map;
import java.util.stream.Collectors;

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

	private static final JavaClasses CLASSES = ModuleRules.classesOf("dev.statefun.spring");

	@Test
	void rulesHaveClassesToCheck() {
		assertThat(CLASSES.size()).isGreaterThan(20);
		assertThat(CLASSES.contain(StatefulFunction.class)).isTrue();
	}

	@Test
	void packagesHaveNoCycles() {
		ModuleRules.requireNoCycles(CLASSES);
	}

	// With package-info, which is a class because of its annotation
	@Test
	void packagesHaveAtMostTwentyFiles() {
		Map<String, Long> files = CLASSES.stream()
			.filter((type) -> type.getEnclosingClass().isEmpty())
			.collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
		assertThat(files).hasSizeGreaterThan(20)
			.allSatisfy((name, count) -> assertThat(count).as(name).isLessThanOrEqualTo(20));
	}

	@Test
	void nothingDependsOnAutoConfiguration() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackage("..autoconfigure..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.statefun.spring.boot.autoconfigure..")
			.check(CLASSES);
	}

	@Test
	void nothingUsesTheWireLayer() {
		ArchRuleDefinition.noClasses()
			.should()
			.dependOnClassesThat(JavaClass.Predicates.resideInAPackage("dev.statefun.sdk.protocol..")
				.and(DescribedPredicate.not(JavaClass.Predicates.simpleName("Printable"))))
			.check(CLASSES);
	}

	// Used by the tester, which needs no Spring
	@Test
	void clientForFunctionsNeedsNoSpring() {
		ArchRuleDefinition.classes()
			.that()
			.resideInAPackage("dev.statefun.spring.client")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", "com.google.protobuf", "dev.statefun.sdk..", "dev.statefun.spring.client",
					"org.jspecify.annotations")
			.check(CLASSES);
	}

	@Test
	void autoConfigurationsExposeOnlyTheirClass() {
		ArchRuleDefinition.methods()
			.that()
			.areDeclaredInClassesThat(DescribedPredicate.describe("are auto-configurations",
					(type) -> type.getSimpleName().endsWith("AutoConfiguration")))
			.should()
			.notBePublic()
			.check(CLASSES);
	}

	@Test
	void classNamesMatchTheirRole() {
		ModuleRules.requireDescriptiveNames(CLASSES);
	}

}
