package dev.statefun.spring.validation;

import java.util.List;
import java.util.Set;

import dev.statefun.sdk.failure.InvalidMessageException;
import dev.statefun.sdk.registry.MessageValidator;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Path;
import jakarta.validation.Validator;

import org.springframework.util.Assert;

/**
 * Validates messages by their constraints. Its errors name the properties and what was
 * expected of them, but not their values, unless the constraints' own messages quote
 * them.
 *
 * @since 0.1.0
 */
public final class ConstraintMessageValidator implements MessageValidator {

	private static final int MAX_VIOLATIONS = 10;

	private static final int MAX_LENGTH = 200;

	private final Validator validator;

	/**
	 * Create a validator.
	 * @param validator validator of the constraints
	 */
	public ConstraintMessageValidator(Validator validator) {
		Assert.notNull(validator, "'validator' must not be null");
		this.validator = validator;
	}

	@Override
	public void validate(Object message) {
		Set<ConstraintViolation<Object>> violations = this.validator.validate(message);
		if (!violations.isEmpty()) {
			throw new InvalidMessageException(
					"A '" + message.getClass().getName() + "' is not valid: " + describe(violations),
					new ConstraintViolationException(null, violations));
		}
	}

	private static String describe(Set<ConstraintViolation<Object>> violations) {
		List<String> texts = violations.stream().map(ConstraintMessageValidator::describe).sorted().toList();
		String first = String.join("; ", texts.subList(0, Math.min(texts.size(), MAX_VIOLATIONS)));
		int left = texts.size() - MAX_VIOLATIONS;
		return (left > 0) ? first + "; and " + left + " more" : first;
	}

	private static String describe(ConstraintViolation<?> violation) {
		String path = describe(violation.getPropertyPath());
		String text = path.isEmpty() ? violation.getMessage() : path + " " + violation.getMessage();
		return (text.length() > MAX_LENGTH) ? text.substring(0, MAX_LENGTH) + "…" : text;
	}

	// The key of a map is a value of the message
	private static String describe(Path path) {
		StringBuilder text = new StringBuilder();
		for (Path.Node node : path) {
			if (node.isInIterable()) {
				text.append('[').append((node.getIndex() != null) ? node.getIndex() : "").append(']');
			}
			if (node.getName() != null) {
				text.append(text.isEmpty() ? "" : ".").append(node.getName());
			}
		}
		return text.toString();
	}

}
