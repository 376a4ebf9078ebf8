package dev.statefun.spring.boot.autoconfigure.netty;

import dev.statefun.spring.boot.autoconfigure.internal.WebType;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if no servlet container would serve the application. In an application that is
 * not one of the web, that is neither a parent of a servlet application nor a command of
 * one.
 */
final class OnContainerlessCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("without a servlet container");
		return WebType.isWithoutContainer(context.getEnvironment(), context.getClassLoader())
				? ConditionOutcome.match(message.because("there is none")) : ConditionOutcome.noMatch(message
					.because("Spring MVC may serve the endpoint; 'statefun.server.engine=netty' chooses Netty"));
	}

}
