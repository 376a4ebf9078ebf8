package dev.statefun.spring.boot.autoconfigure.security;

import java.util.Map;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if calls of the endpoint are restricted, or if that is not known yet: a secret
 * is absent when an application is processed ahead of time, and must be required none the
 * less when it runs.
 */
final class OnRestrictionCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("restriction of the endpoint");
		if (Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
			return ConditionOutcome.match(message.because("may be set at run time"));
		}
		Binder binder = Binder.get(context.getEnvironment());
		boolean restricted = hasServerSettings(binder)
				|| binder.bind("statefun.security.secret", String.class).isBound()
				|| binder.bind("statefun.security.allowed-addresses", Bindable.listOf(String.class)).isBound();
		return new ConditionOutcome(restricted, message.because(restricted ? "is set" : "is not set"));
	}

	// Other settings of the server restrict nothing
	private static boolean hasServerSettings(Binder binder) {
		return binder.bind("statefun.server", Bindable.mapOf(String.class, String.class))
			.orElse(Map.of())
			.keySet()
			.stream()
			.anyMatch((name) -> name.equals("port") || name.equals("address") || name.startsWith("ssl."));
	}

}
