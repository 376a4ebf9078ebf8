package dev.statefun.spring.logging;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.listener.BatchObserver;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.sdk.listener.BatchScope;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Puts function, id and caller into the {@link MDC} while a thread handles a message:
 * {@value #FUNCTION}, {@value #ID} and, for messages of other functions,
 * {@value #CALLER}. Threads that a handler moves to by itself get them where the context
 * is propagated ({@link LogContextAccessor}).
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class LogContext implements BatchObserver {

	/** Key of the function type. */
	public static final String FUNCTION = "statefun.function";

	/** Key of the function instance's id. */
	public static final String ID = "statefun.id";

	/** Key of the caller's address. */
	public static final String CALLER = "statefun.caller";

	/**
	 * Create the observer.
	 */
	public LogContext() {
	}

	@Override
	public BatchScope follow(Address self) {
		return new LoggedBatch(self);
	}

	private static void restore(String key, @Nullable String value) {
		if (value != null) {
			MDC.put(key, value);
		}
		else {
			MDC.remove(key);
		}
	}

	private record LoggedBatch(Address self) implements BatchScope {

		@Override
		public ThreadScope enter() {
			LoggedThread thread = new LoggedThread();
			MDC.put(FUNCTION, this.self.type().toString());
			MDC.put(ID, this.self.id());
			return thread;
		}

		@Override
		public void end(BatchReport report) {
		}

	}

	/**
	 * Restores former entries: in tests, a function may be called on the thread of
	 * another one.
	 */
	private static final class LoggedThread implements BatchScope.ThreadScope {

		private final @Nullable String function = MDC.get(FUNCTION);

		private final @Nullable String id = MDC.get(ID);

		private final @Nullable String caller = MDC.get(CALLER);

		private boolean called = this.caller != null;

		@Override
		public void invoking(Context context) {
			String address = callerOf(context);
			if (address != null || this.called) {
				restore(CALLER, address);
				this.called = address != null;
			}
		}

		// A caller without a valid address is no reason to fail a message
		private static @Nullable String callerOf(Context context) {
			try {
				return context.caller().map(Address::toString).orElse(null);
			}
			catch (IllegalStateException ex) {
				return null;
			}
		}

		@Override
		public void leave() {
			restore(FUNCTION, this.function);
			restore(ID, this.id);
			restore(CALLER, this.caller);
		}

	}

}
