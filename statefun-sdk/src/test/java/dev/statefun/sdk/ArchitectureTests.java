package dev.statefun.sdk;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.statefun.sdk.handler.RequestReplyHandler;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What depends on what, and on what nothing depends.
 */
class ArchitectureTests {

	private static final String ROOT = "dev.statefun.sdk";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages(ROOT);

	@Test
	void theRulesHaveSomethingToLookAt() {
		assertThat(CLASSES.size()).isGreaterThan(60);
		assertThat(packages()).contains(ROOT, ROOT + ".egress", ROOT + ".message", ROOT + ".protocol");
		assertThat(CLASSES.contain(RequestReplyHandler.class)).isTrue();
		assertThat(CLASSES.contain(ArchitectureTests.class)).isFalse();
	}

	@Test
	void packagesHaveNoCycles() {
		SlicesRuleDefinition.slices().matching("dev.statefun.(**)").should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void noMoreThanThreeClassesDependOnEachOther() {
		assertThat(ClassKnots.in(CLASSES)).allSatisfy((knot) -> assertThat(knot).hasSizeLessThan(4))
			.as("the rule looks at something")
			.isNotEmpty();
	}

	@Test
	void nothingDependsOnTheHandler() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackage(ROOT + ".handler")
			.should()
			.dependOnClassesThat()
			.resideInAPackage(ROOT + ".handler")
			.check(CLASSES);
	}

	@Test
	void authorsOfFunctionsNeedOnlyMessagesAndEgressRecordsBesideTheRootPackage() {
		ArchRuleDefinition.classes()
			.that()
			.resideInAPackage(ROOT)
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(ROOT, ROOT + ".message", ROOT + ".egress", ROOT + ".protocol", "java..",
					"com.google.protobuf..", "org.jspecify.annotations..")
			.check(CLASSES);
	}

	@Test
	void theProtocolDependsOnNothingElseOfOurs() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(ROOT + ".protocol..")
			.should()
			.dependOnClassesThat()
			.resideOutsideOfPackages(ROOT + ".protocol", "java..", "org.jspecify.annotations..")
			.check(CLASSES);
	}

	@Test
	void theProtocolNeedsNoProtobufLibrary() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(ROOT + ".protocol..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("com.google..")
			.check(CLASSES);
	}

	@Test
	void messagesAndEgressRecordsDoNotDependOnTheProgrammingModel() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAnyPackage(ROOT + ".message..", ROOT + ".egress..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(ROOT, ROOT + ".failure", ROOT + ".listener", ROOT + ".registry", ROOT + ".handler")
			.check(CLASSES);
	}

	@Test
	void schemasDependOnNothingElseOfOurs() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(ROOT + ".schema..")
			.should()
			.dependOnClassesThat()
			.resideOutsideOfPackages(ROOT + ".schema", "java..", "org.jspecify.annotations..")
			.check(CLASSES);
	}

	@Test
	void nothingDependsOnSpring() {
		ArchRuleDefinition.noClasses()
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.springframework..")
			.check(CLASSES);
	}

	@Test
	void nothingLogs() {
		ArchRuleDefinition.noClasses()
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.slf4j..", "org.apache.commons.logging..", "org.apache.logging..",
					"java.util.logging..")
			.check(CLASSES);
		GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(CLASSES);
		GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
	}

	@Test
	void nothingButProtobufAndJspecifyIsNeeded() {
		ArchRuleDefinition.noClasses()
			.should()
			.dependOnClassesThat()
			.resideOutsideOfPackages(ROOT + "..", "java..", "com.google.protobuf..", "org.jspecify.annotations..")
			.check(CLASSES);
	}

	@Test
	void everyPackageIsNullMarked() {
		for (String name : packages()) {
			JavaPackage javaPackage = CLASSES.getPackage(name);
			assertThat(javaPackage.tryGetPackageInfo()).as("package-info of %s", name)
				.hasValueSatisfying((info) -> assertThat(info.isAnnotatedWith(NullMarked.class)).isTrue());
		}
	}

	@Test
	void everyClassIsInAKnownPackage() {
		assertThat(packages()).containsExactly(ROOT, ROOT + ".egress", ROOT + ".failure", ROOT + ".handler",
				ROOT + ".listener", ROOT + ".message", ROOT + ".protocol", ROOT + ".registry", ROOT + ".schema");
	}

	@Test
	void classNamesSayWhatTheClassIs() {
		ArchRuleDefinition.noClasses()
			.should()
			.haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl)(\\$.*)?")
			.check(CLASSES);
	}

	@Test
	void staticFieldsAreFinalAndNoCaches() {
		// A class loader that is thrown away must take its types with it; and nothing may
		// be
		// remembered from one registry to the next
		ArchRuleDefinition.fields().that().areStatic().should().beFinal().check(CLASSES);
		List<Class<?>> mutable = List.of(ConcurrentMap.class, HashMap.class, ArrayList.class, HashSet.class,
				ThreadLocal.class, ClassValue.class, AtomicReference.class, AtomicInteger.class, AtomicLong.class);
		mutable.forEach((type) -> ArchRuleDefinition.fields()
			.that()
			.areStatic()
			.should()
			.notHaveRawType(type.getName())
			.check(CLASSES));
		// What a static field of a general type holds, its type does not tell: it has to
		// be an
		// unmodifiable copy
		assertThat(staticValues(Map.class)).isNotEmpty()
			.allSatisfy((map) -> assertThat(map.getClass().getName()).startsWith("java.util.ImmutableCollections"));
		assertThat(staticValues(Collection.class)).isNotEmpty()
			.allSatisfy(
					(values) -> assertThat(values.getClass().getName()).startsWith("java.util.ImmutableCollections"));
	}

	private List<Object> staticValues(Class<?> type) {
		return CLASSES.stream()
			.flatMap((javaClass) -> javaClass.getFields().stream())
			.filter((field) -> field.getModifiers().contains(JavaModifier.STATIC))
			.filter((field) -> field.getRawType().isAssignableTo(type))
			.map((field) -> valueOf(field.reflect()))
			.toList();
	}

	private static Object valueOf(Field field) {
		try {
			field.setAccessible(true);
			return field.get(null);
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private TreeSet<String> packages() {
		TreeSet<String> names = new TreeSet<>();
		for (JavaClass javaClass : CLASSES) {
			names.add(javaClass.getPackageName());
		}
		return names;
	}

}
