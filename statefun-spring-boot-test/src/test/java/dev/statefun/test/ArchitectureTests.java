package dev.statefun.test;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rules for the structure of this module.
 */
class ArchitectureTests {

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("dev.statefun.test", "dev.statefun.spring.boot.test", "dev.statefun.spring.test");

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
		ArchRuleDefinition.noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)").check(CLASSES);
	}

}
