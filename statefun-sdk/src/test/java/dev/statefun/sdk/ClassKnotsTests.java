package dev.statefun.sdk;

import java.util.List;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.statefun.sdk.planted.KnotFour;
import dev.statefun.sdk.planted.KnotOne;
import dev.statefun.sdk.planted.KnotThree;
import dev.statefun.sdk.planted.KnotTwo;
import dev.statefun.sdk.planted.Outside;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

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

}
