package dev.statefun.spring.logging;

import java.util.HashMap;
import java.util.Map;

import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Propagates the entries that {@link LogContext} has put into the {@link MDC} to other
 * threads, where Micrometer's context propagation is used: by executors with a
 * {@code ContextPropagatingTaskDecorator}, such as Spring Boot's with
 * {@code spring.task.execution.propagate-context}, and by Reactor. It is discovered
 * automatically.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class LogContextAccessor implements ThreadLocalAccessor<Map<String, String>> {

	private static final String[] KEYS = { LogContext.FUNCTION, LogContext.ID, LogContext.CALLER };

	/**
	 * Create the accessor.
	 */
	public LogContextAccessor() {
	}

	@Override
	public Object key() {
		return "statefun.log-context";
	}

	@Override
	public @Nullable Map<String, String> getValue() {
		Map<String, String> values = new HashMap<>();
		for (String key : KEYS) {
			String value = MDC.get(key);
			if (value != null) {
				values.put(key, value);
			}
		}
		return values.isEmpty() ? null : values;
	}

	@Override
	public void setValue(Map<String, String> values) {
		setValue();
		values.forEach(MDC::put);
	}

	@Override
	public void setValue() {
		for (String key : KEYS) {
			MDC.remove(key);
		}
	}

}
