package dev.statefun.netty;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.statefun.testing.ModuleRules;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rules for the dependencies of this module.
 */
class ArchitectureTests {

	private static final JavaClasses CLASSES = ModuleRules.classesOf("dev.statefun.netty");

	@Test
	void rulesHaveClassesToCheck() {
		assertThat(CLASSES.size()).isGreaterThan(10);
		assertThat(CLASSES.contain(NettyEndpointServer.class)).isTrue();
	}

	@Test
	void packagesHaveNoCycles() {
		ModuleRules.requireNoCycles(CLASSES);
	}

	@Test
	void classesHaveNoLargeKnots() {
		ModuleRules.requireSmallKnots(CLASSES);
	}

	@Test
	void moduleIsPlainJava() {
		ArchRuleDefinition.noClasses()
			.should()
			.dependOnClassesThat()
			.resideOutsideOfPackages("dev.statefun.netty..", "dev.statefun.endpoint..", "dev.statefun.sdk..",
					"io.netty..", "java..", "org.apache.commons.logging..", "org.jspecify.annotations..")
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
