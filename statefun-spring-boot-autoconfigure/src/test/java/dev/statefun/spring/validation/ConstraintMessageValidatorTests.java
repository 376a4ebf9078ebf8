package dev.statefun.spring.validation;

import java.util.Collections;
import java.util.List;
import java.util.Map;

import dev.statefun.sdk.failure.InvalidMessageException;
import jakarta.validation.Valid;
import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link ConstraintMessageValidator}.
 */
class ConstraintMessageValidatorTests {

	private static final ValidatorFactory FACTORY = Validation.buildDefaultValidatorFactory();

	private final ConstraintMessageValidator validator = new ConstraintMessageValidator(FACTORY.getValidator());

	@AfterAll
	static void close() {
		FACTORY.close();
	}

	@Test
	void validMessagePasses() {
		assertThatNoException().isThrownBy(() -> this.validator.validate(new Item("tea", 1)));
		assertThatNoException().isThrownBy(() -> this.validator.validate("no constraints"));
	}

	@Test
	void violationsAreSortedByPropertyAndHideValues() {
		assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> this.validator.validate(new Item(" ", -98765)))
			.withMessage("A '" + Item.class.getName()
					+ "' is not valid: quantity must be greater than 0; sku must not be blank")
			.satisfies((ex) -> assertThat(ex.getCause()).hasMessage(null));
	}

	@Test
	void pathContainsListIndexesButNoMapKeys() {
		Order order = new Order(List.of(new Item("tea", 1), new Item("tea", 0)), Map.of("secret", new Item("tea", 0)));
		assertThatExceptionOfType(InvalidMessageException.class).isThrownBy(() -> this.validator.validate(order))
			.withMessage("A '" + Order.class.getName()
					+ "' is not valid: byName[].quantity must be greater than 0; items[1].quantity must be greater than 0");
	}

	@Test
	void messageLengthIsBounded() {
		Order order = new Order(Collections.nCopies(1000, new Item("tea", 0)), Map.of());
		assertThatExceptionOfType(InvalidMessageException.class).isThrownBy(() -> this.validator.validate(order))
			.satisfies((ex) -> assertThat(ex.getMessage()).hasSizeLessThan(2500).endsWith("; and 990 more"));
		assertThatExceptionOfType(InvalidMessageException.class).isThrownBy(() -> this.validator.validate(new Wordy()))
			.satisfies((ex) -> assertThat(ex.getMessage()).hasSizeLessThan(400).endsWith("…"));
	}

	record Item(@NotBlank String sku, @Positive int quantity) {

	}

	record Order(List<@Valid Item> items, Map<String, @Valid Item> byName) {

	}

	static class Wordy {

		@AssertTrue(message = "should be shorter, should be shorter, should be shorter, should be shorter, "
				+ "should be shorter, should be shorter, should be shorter, should be shorter, should be shorter, "
				+ "should be shorter, should be shorter, should be shorter, should be shorter, should be shorter")
		boolean isShort() {
			return false;
		}

	}

}
