package dev.statefun.spring.observation;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.statefun.sdk.Headers;
import dev.statefun.sdk.handler.HeaderInjector;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Writes the context of a trace into the headers of the messages that a handler sends, in
 * the fields of Micrometer's {@link Propagator}.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class MessageTraces {

	private final ObservationRegistry registry;

	private final Tracer tracer;

	private final Propagator propagator;

	/**
	 * Create the writer.
	 * @param registry registry of the observations
	 * @param tracer knows the current span
	 * @param propagator writes the context of a span
	 */
	public MessageTraces(ObservationRegistry registry, Tracer tracer, Propagator propagator) {
		Assert.notNull(registry, "'registry' must not be null");
		Assert.notNull(tracer, "'tracer' must not be null");
		Assert.notNull(propagator, "'propagator' must not be null");
		this.registry = registry;
		this.tracer = tracer;
		this.propagator = propagator;
	}

	/**
	 * Return the injector of a message. It writes the context of the span that the
	 * handler has opened where it sends, or that of the message's own span. A message
	 * that is not observed passes on what it has received.
	 * @param message observation of the message that is handled, which is the current one
	 * @param received headers of that message
	 * @return the injector
	 */
	HeaderInjector injectorOf(Observation message, Headers received) {
		Map<String, String> own = fieldsOf(message, received);
		boolean observed = spanOf(message) != null;
		return (headers) -> {
			Span current = (observed && isWithin(message)) ? this.tracer.currentSpan() : null;
			if (current != null) {
				this.propagator.inject(current.context(), headers, (carrier, key, value) -> headers.accept(key, value));
			}
			else {
				own.forEach(headers);
			}
		};
	}

	private Map<String, String> fieldsOf(Observation message, Headers received) {
		Map<String, String> fields = new LinkedHashMap<>();
		Span span = spanOf(message);
		if (span != null) {
			this.propagator.inject(span.context(), fields, (carrier, key, value) -> fields.put(key, value));
			return fields;
		}
		for (String field : this.propagator.fields()) {
			String value = InvocationObservationContext.valueOf(received, field);
			if (value != null) {
				fields.put(field, value);
			}
		}
		return fields;
	}

	// Another thread of the handler, or one that ends its stage, may be in another trace
	private boolean isWithin(Observation message) {
		ObservationView current = this.registry.getCurrentObservation();
		while (current != null && current != message) {
			current = current.getContextView().getParentObservation();
		}
		return current != null;
	}

	static @Nullable Span spanOf(@Nullable ObservationView observation) {
		TracingContext tracing = (observation != null) ? observation.getContextView().get(TracingContext.class) : null;
		return (tracing != null) ? tracing.getSpan() : null;
	}

}
