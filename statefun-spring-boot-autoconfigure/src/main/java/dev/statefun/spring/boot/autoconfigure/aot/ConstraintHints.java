package dev.statefun.spring.boot.autoconfigure.aot;

import java.util.HashSet;
import java.util.Set;

import jakarta.validation.NoProviderFoundException;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import jakarta.validation.metadata.BeanDescriptor;
import jakarta.validation.metadata.CascadableDescriptor;
import jakarta.validation.metadata.ConstraintDescriptor;
import jakarta.validation.metadata.ContainerDescriptor;
import jakarta.validation.metadata.ContainerElementTypeDescriptor;
import jakarta.validation.metadata.ElementDescriptor;
import jakarta.validation.metadata.PropertyDescriptor;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;

/**
 * Registers the constraints of validated messages. Spring does so for annotations of
 * beans and their parameters, but does not follow {@code @Valid} into messages.
 */
final class ConstraintHints {

	private final ReflectionHints hints;

	private final @Nullable Validator validator;

	private final Set<Class<?>> seen = new HashSet<>();

	ConstraintHints(ReflectionHints hints) {
		this.hints = hints;
		this.validator = validator();
	}

	private static @Nullable Validator validator() {
		try (ValidatorFactory factory = Validation.buildDefaultValidatorFactory()) {
			return factory.getValidator();
		}
		catch (NoProviderFoundException ex) {
			// Then nothing is validated either
			return null;
		}
	}

	void register(Class<?> type) {
		if (this.validator == null || type.getName().startsWith("java.") || !this.seen.add(type)) {
			return;
		}
		if (type.isSealed()) {
			for (Class<?> permitted : type.getPermittedSubclasses()) {
				register(permitted);
			}
		}
		BeanDescriptor bean = this.validator.getConstraintsForClass(type);
		if (bean.isBeanConstrained()) {
			this.hints.registerType(type, MemberCategory.ACCESS_DECLARED_FIELDS);
			registerConstraints(bean);
			for (PropertyDescriptor property : bean.getConstrainedProperties()) {
				registerElement(property);
			}
		}
	}

	private <E extends ElementDescriptor & CascadableDescriptor & ContainerDescriptor> void registerElement(E element) {
		registerConstraints(element);
		if (element.isCascaded()) {
			register(element.getElementClass());
		}
		for (ContainerElementTypeDescriptor contained : element.getConstrainedContainerElementTypes()) {
			registerElement(contained);
		}
	}

	private void registerConstraints(ElementDescriptor element) {
		element.getConstraintDescriptors().forEach(this::registerConstraint);
	}

	private void registerConstraint(ConstraintDescriptor<?> constraint) {
		constraint.getConstraintValidatorClasses()
			.forEach((validator) -> this.hints.registerType(validator, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS));
		constraint.getComposingConstraints().forEach(this::registerConstraint);
	}

}
