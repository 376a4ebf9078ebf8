package dev.statefun.module;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.statefun.deploy.DeploymentFiles;
import dev.statefun.manifest.StateManifest;
import dev.statefun.testing.ModuleRules;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rules for the dependencies of this module.
 */
class ArchitectureTests {

	private static final JavaClasses CLASSES = ModuleRules.classesOf("dev.statefun.module", "dev.statefun.manifest",
			"dev.statefun.deploy");

	@Test
	void rulesHaveClassesToCheck() {
		assertThat(CLASSES.size()).isGreaterThan(40);
		assertThat(CLASSES.contain(ModuleGenerator.class)).isTrue();
		assertThat(CLASSES.contain(StateManifest.class)).isTrue();
		assertThat(CLASSES.contain(DeploymentFiles.class)).isTrue();
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
			.resideOutsideOfPackages("dev.statefun.module..", "dev.statefun.manifest..", "dev.statefun.deploy..",
					"dev.statefun.sdk..", "java..", "com.google.protobuf..", "org.yaml.snakeyaml..", "tools.jackson..",
					"org.jspecify.annotations..")
			.check(CLASSES);
		ModuleRules.requireSilence(CLASSES);
	}

	@Test
	void onlyTheJsonOfManifestsNeedsJackson() {
		ArchRuleDefinition.noClasses()
			.that()
			.haveSimpleNameNotEndingWith("Json")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("tools.jackson..")
			.check(CLASSES);
	}

	@Test
	void manifestsAndModulesDoNotDependOnEachOther() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage("dev.statefun.manifest..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("dev.statefun.module..", "org.yaml.snakeyaml..")
			.check(CLASSES);
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage("dev.statefun.module..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.statefun.manifest..")
			.check(CLASSES);
	}

	@Test
	void modulesDoNotDependOnTheirDeployment() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackage("dev.statefun.deploy..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.statefun.deploy..")
			.check(CLASSES);
	}

	@Test
	void settingsDependOnNothingElseOfOurs() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage("dev.statefun.module.settings..")
			.should()
			.dependOnClassesThat()
			.resideOutsideOfPackages("dev.statefun.module.settings", "java..", "org.jspecify.annotations..")
			.check(CLASSES);
	}

	@Test
	void everyPackageIsNullMarked() {
		assertThat(ModuleRules.packagesOf(CLASSES)).hasSize(4);
		ModuleRules.requireNullMarkedPackages(CLASSES);
	}

	@Test
	void noKnotHasMoreThanThreeClasses() {
		ModuleRules.requireSmallKnots(CLASSES);
	}

	@Test
	void classNamesDescribeRoles() {
		ModuleRules.requireDescriptiveNames(CLASSES);
	}

}
