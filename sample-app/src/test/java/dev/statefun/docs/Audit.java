package dev.statefun.docs;

import dev.statefun.sdk.handler.Invocation;
import dev.statefun.sdk.handler.InvocationInterceptor;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Sends an egress record for each handled message.
 */
@Component
class Audit implements InvocationInterceptor {

	@Override
	public @Nullable Object intercept(Invocation invocation) throws Throwable {
		Object result = invocation.proceed();
		invocation.context().sendEgress("shop/audit", invocation.message());
		return result;
	}

}
