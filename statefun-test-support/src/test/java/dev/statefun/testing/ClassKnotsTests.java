package dev.statefun.testing;

import java.util.List;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.statefun.testing.planted.KnotFour;
import dev.statefun.testing.planted.KnotOne;
import dev.statefun.testing.planted.KnotThree;
import dev.statefun.testing.planted.KnotTwo;
import dev.statefun.testing.planted.Outside;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ClassKnots}.
 */
class ClassKnotsTests {

	@Test
	void findsFourClassesThatDependOnEachOther() {
		assertThat(ClassKnots.in(new ClassFileImporter().importPackagesOf(KnotOne.class))).containsExactly(List
			.of(KnotFour.class.getName(), KnotOne.class.getName(), KnotThree.class.getName(), KnotTwo.class.getName()));
	}

	@Test
	void classesThatDependInOneDirectionAreNoKnot() {
		assertThat(ClassKnots
			.in(new ClassFileImporter().importClasses(KnotOne.class, KnotTwo.class, KnotThree.class, Outside.class)))
			.isEmpty();
	}

	@Test
	void knotOfFourFailsTheRule() {
		JavaClasses planted = new ClassFileImporter().importPackagesOf(KnotOne.class);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> ModuleRules.requireSmallKnots(planted))
			.withMessageContaining("KnotFour");
	}

}
