package dev.statefun.sdk;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.testing.ModuleRules;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rules for the structure of this module.
 */
class ArchitectureTests {

	private static final String ROOT = "dev.statefun.sdk";

	private static final JavaClasses CLASSES = ModuleRules.classesOf(ROOT);

	@Test
	void rulesHaveClassesToCheck() {
		assertThat(CLASSES.size()).isGreaterThan(60);
		assertThat(CLASSES.contain(RequestReplyHandler.class)).isTrue();
		assertThat(CLASSES.contain(ArchitectureTests.class)).isFalse();
	}

	@Test
	void packagesHaveNoCycles() {
		ModuleRules.requireNoCycles(CLASSES);
	}

	@Test
	void noMoreThanThreeClassesDependOnEachOther() {
		ModuleRules.requireSmallKnots(CLASSES);
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
	void rootPackageDependsOnMessagesEgressRecordsAndTheProtocolOnly() {
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
	void protocolDependsOnNoOtherPackage() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(ROOT + ".protocol..")
			.should()
			.dependOnClassesThat()
			.resideOutsideOfPackages(ROOT + ".protocol", "java..", "org.jspecify.annotations..")
			.check(CLASSES);
	}

	@Test
	void protocolDoesNotDependOnProtobuf() {
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
	void schemasDependOnNoOtherPackage() {
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
	void nothingLogsOrPrints() {
		ModuleRules.requireSilence(CLASSES);
	}

	@Test
	void moduleDependsOnProtobufAndJspecifyOnly() {
		ArchRuleDefinition.noClasses()
			.should()
			.dependOnClassesThat()
			.resideOutsideOfPackages(ROOT + "..", "java..", "com.google.protobuf..", "org.jspecify.annotations..")
			.check(CLASSES);
	}

	@Test
	void everyPackageIsNullMarked() {
		ModuleRules.requireNullMarkedPackages(CLASSES);
	}

	@Test
	void everyClassIsInAKnownPackage() {
		assertThat(ModuleRules.packagesOf(CLASSES)).containsExactly(ROOT, ROOT + ".egress", ROOT + ".failure",
				ROOT + ".handler", ROOT + ".http", ROOT + ".listener", ROOT + ".message", ROOT + ".protocol",
				ROOT + ".registry", ROOT + ".schema");
	}

	@Test
	void classNamesDescribeTheirRole() {
		ModuleRules.requireDescriptiveNames(CLASSES);
	}

	@Test
	void staticFieldsAreFinalAndImmutable() {
		// A discarded class loader must take its types with it, and registries share no
		// state
		ArchRuleDefinition.fields().that().areStatic().should().beFinal().check(CLASSES);
		List<Class<?>> mutable = List.of(ConcurrentMap.class, HashMap.class, ArrayList.class, HashSet.class,
				ThreadLocal.class, ClassValue.class, AtomicReference.class, AtomicInteger.class, AtomicLong.class);
		mutable.forEach((type) -> ArchRuleDefinition.fields()
			.that()
			.areStatic()
			.should()
			.notHaveRawType(type.getName())
			.check(CLASSES));
		// The value of a static field of a general type has to be an unmodifiable copy
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

}
