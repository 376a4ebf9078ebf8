package dev.statefun.endpoint;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.testing.ModuleRules;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rules for the dependencies of this module.
 */
class ArchitectureTests {

	private static final JavaClasses CLASSES = ModuleRules.classesOf("dev.statefun.endpoint");

	@Test
	void rulesHaveClassesToCheck() {
		assertThat(CLASSES.size()).isGreaterThan(10);
		assertThat(CLASSES.contain(Admission.class)).isTrue();
	}

	@Test
	void packagesHaveNoCycles() {
		ModuleRules.requireNoCycles(CLASSES);
	}

	// Used by every server, so that it knows none
	@Test
	void moduleIsPlainJava() {
		ArchRuleDefinition.noClasses()
			.should()
			.dependOnClassesThat()
			.resideOutsideOfPackages("dev.statefun.endpoint..", "dev.statefun.sdk..", "java..",
					"org.apache.commons.logging..", "org.jspecify.annotations..")
			.check(CLASSES);
	}

	// Except that it masks control characters of what came over the network
	@Test
	void nothingUsesTheWireLayer() {
		ArchRuleDefinition.noClasses()
			.should()
			.dependOnClassesThat(JavaClass.Predicates.resideInAPackage("dev.statefun.sdk.protocol..")
				.and(DescribedPredicate.not(JavaClass.Predicates.simpleName("Printable"))))
			.check(CLASSES);
	}

	@Test
	void everyPackageIsNullMarked() {
		ModuleRules.requireNullMarkedPackages(CLASSES);
	}

	@Test
	void classNamesDescribeRoles() {
		ModuleRules.requireDescriptiveNames(CLASSES);
	}

}
