package dev.statefun.testing;

import java.util.SortedSet;
import java.util.TreeSet;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.jspecify.annotations.NullMarked;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rules for the structure of every module.
 */
public final class ModuleRules {

	private ModuleRules() {
	}

	/**
	 * Import the classes of a module, without its tests.
	 * @param packages packages of the module, including those below them
	 * @return the classes
	 */
	public static JavaClasses classesOf(String... packages) {
		return new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(packages);
	}

	/**
	 * Return the packages of classes.
	 * @param classes the classes
	 * @return the names of the packages
	 */
	public static SortedSet<String> packagesOf(JavaClasses classes) {
		SortedSet<String> names = new TreeSet<>();
		for (JavaClass javaClass : classes) {
			names.add(javaClass.getPackageName());
		}
		return names;
	}

	/**
	 * Check that packages do not depend on each other in cycles.
	 * @param classes the classes
	 */
	public static void requireNoCycles(JavaClasses classes) {
		SlicesRuleDefinition.slices().matching("dev.statefun.(**)").should().beFreeOfCycles().check(classes);
	}

	/**
	 * Check that no knot has more than three classes.
	 * @param classes the classes, more than three
	 */
	public static void requireSmallKnots(JavaClasses classes) {
		assertThat(classes.size()).as("classes that the rule looks at").isGreaterThan(3);
		assertThat(ClassKnots.in(classes)).allSatisfy((knot) -> assertThat(knot).hasSizeLessThan(4));
	}

	/**
	 * Check that the name of each class describes its role.
	 * @param classes the classes
	 */
	public static void requireDescriptiveNames(JavaClasses classes) {
		ArchRuleDefinition.noClasses()
			.should()
			.haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl)(\\$.*)?")
			.check(classes);
	}

	/**
	 * Check that each package is null-marked.
	 * @param classes the classes
	 */
	public static void requireNullMarkedPackages(JavaClasses classes) {
		for (String name : packagesOf(classes)) {
			assertThat(classes.getPackage(name).tryGetPackageInfo()).as("package-info of %s", name)
				.hasValueSatisfying((info) -> assertThat(info.isAnnotatedWith(NullMarked.class)).isTrue());
		}
	}

	/**
	 * Check that no class logs or writes to the standard streams.
	 * @param classes the classes
	 */
	public static void requireSilence(JavaClasses classes) {
		ArchRuleDefinition.noClasses()
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.slf4j..", "org.apache.commons.logging..", "org.apache.logging..",
					"java.util.logging..")
			.check(classes);
		GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(classes);
	}

}
