package dev.statefun.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;

/**
 * Starts the spans of messages. Each continues the trace of its message, and has a link
 * to the span of its batch, whose messages may be of several traces.
 *
 * @since 0.1.0
 */
public final class MessageTracingHandler
		extends PropagatingReceiverTracingObservationHandler<InvocationObservationContext> {

	private final Propagator propagator;

	/**
	 * Create the handler.
	 * @param tracer creates the spans
	 * @param propagator reads the context of a trace from the headers of a message
	 */
	public MessageTracingHandler(Tracer tracer, Propagator propagator) {
		super(tracer, propagator);
		this.propagator = propagator;
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof InvocationObservationContext;
	}

	@Override
	public Span.Builder customizeExtractedSpan(InvocationObservationContext context, Span.Builder builder) {
		Span span = isTraced(context) ? MessageTraces.spanOf(context.getParentObservation()) : null;
		return (span != null) ? builder.addLink(new Link(span.context())) : builder;
	}

	private boolean isTraced(InvocationObservationContext context) {
		return this.propagator.fields().stream().anyMatch((field) -> context.header(field) != null);
	}

}
