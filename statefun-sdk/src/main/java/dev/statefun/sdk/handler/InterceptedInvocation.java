package dev.statefun.sdk.handler;

import java.util.Objects;

import com.google.protobuf.Any;
import dev.statefun.sdk.Context;
import org.jspecify.annotations.Nullable;

/**
 * Invocation that an interceptor receives, with the next interceptor or the handler after
 * it.
 */
final class InterceptedInvocation implements Invocation {

	private final Attempt attempt;

	private final InvocationContext first;

	/** Position of the next interceptor; their number for the handler. */
	private final int next;

	private boolean proceeded;

	InterceptedInvocation(Attempt attempt, InvocationContext context, int next) {
		this.attempt = attempt;
		this.first = context;
		this.next = next;
	}

	@Override
	public Context context() {
		return this.attempt.current();
	}

	@Override
	public Any message() {
		return this.first.rawMessage();
	}

	@Override
	public void injectHeaders(HeaderInjector injector) {
		Objects.requireNonNull(injector, "'injector' must not be null");
		requireRunning().injectHeaders(injector);
	}

	@Override
	public @Nullable Object proceed() throws Throwable {
		requireRunning();
		if (this.proceeded) {
			this.attempt.startOver();
		}
		this.proceeded = true;
		return this.attempt.invoke(this.next);
	}

	// The batch may have gone on to another message
	private InvocationContext requireRunning() {
		InvocationContext current = this.attempt.current();
		InvocationContext own = (current.index() == this.first.index()) ? current : this.first;
		own.requireRunning();
		return own;
	}

}
