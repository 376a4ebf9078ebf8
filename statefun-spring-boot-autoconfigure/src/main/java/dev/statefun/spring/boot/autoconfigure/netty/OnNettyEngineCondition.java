package dev.statefun.spring.boot.autoconfigure.netty;

import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Conditional;

/**
 * Matches if the application has no servlet container, or if Netty is to serve the
 * endpoint beside it.
 */
final class OnNettyEngineCondition extends AnyNestedCondition {

	OnNettyEngineCondition() {
		super(ConfigurationPhase.REGISTER_BEAN);
	}

	@ConditionalOnNotWebApplication
	@Conditional(OnContainerlessCondition.class)
	static class WithoutServer {

	}

	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	static class BesideReactiveServer {

	}

	@ConditionalOnProperty(name = "statefun.server.engine", havingValue = "netty")
	static class Chosen {

	}

}
