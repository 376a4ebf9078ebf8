package dev.statefun.sdk.handler;

import com.google.protobuf.Any;
import dev.statefun.sdk.Context;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way to its handler. Not thread-safe; it ends with the
 * {@link Context}.
 *
 * @since 0.1.0
 */
public interface Invocation {

	/**
	 * Return the context that the handler gets, or got at last.
	 * @return the context
	 */
	Context context();

	/**
	 * Return the message.
	 * @return its type name and its bytes as they came
	 */
	Any message();

	/**
	 * Go on to the next interceptor, at last to the handler. When it is called again,
	 * what it did before is taken back first, and the handler gets a new context.
	 * @return the handler's result: {@code null}, a value to reply, an {@code Optional}
	 * of one, or a {@link java.util.concurrent.CompletionStage}
	 * @throws Throwable if the message failed
	 */
	@Nullable Object proceed() throws Throwable;

}
