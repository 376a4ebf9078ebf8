package dev.statefun.spring.boot.test.autoconfigure.app;

import dev.statefun.sdk.handler.Invocation;
import dev.statefun.sdk.handler.InvocationInterceptor;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Rejects some texts.
 */
@Component
public class Surrounding implements InvocationInterceptor {

	@Override
	public @Nullable Object intercept(Invocation invocation) throws Throwable {
		if (invocation.context().self().id().equals("refused")) {
			throw new IllegalArgumentException("refused by the interceptor");
		}
		return invocation.proceed();
	}

}
