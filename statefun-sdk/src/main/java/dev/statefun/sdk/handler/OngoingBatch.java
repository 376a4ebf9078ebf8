package dev.statefun.sdk.handler;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.Printable;
import dev.statefun.sdk.protocol.ReplyWriter;
import dev.statefun.sdk.registry.RegisteredFunction;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * Batch of an invocation: its request, states and effects. A class and not an interface,
 * as invocations use it for every call of a function.
 */
abstract class OngoingBatch {

	/** Enough for the effects of a typical message. */
	private static final int INITIAL_CAPACITY = 256;

	private final StatefulFunctions functions;

	private final RegisteredFunction function;

	private final BatchRequest request;

	private final BatchStates states;

	private final BatchEffects effects;

	/** Null without a listener. */
	private final @Nullable BatchTally tally;

	private @Nullable Address self;

	/** The caller that was read last; each thread may read another. */
	private @Nullable Caller lastCaller;

	OngoingBatch(StatefulFunctions functions, RegisteredFunction function, HandlerOptions options, BatchRequest request,
			int[] entries, @Nullable InvocationLog log) {
		this.functions = functions;
		this.function = function;
		this.request = request;
		this.states = (function.timers() < 0) ? new BatchStates(function, request, entries)
				: new StatesWithTimers(function, request, entries, options.timerNonces());
		this.effects = new BatchEffects(new ReplyWriter(request.dialect(), INITIAL_CAPACITY, options.maxReplySize()));
		this.tally = (options.listener() != null || options.observer() != null || log != null)
				? new BatchTally(function.invoker().handlers().size(), log) : null;
	}

	final StatefulFunctions functions() {
		return this.functions;
	}

	final RegisteredFunction function() {
		return this.function;
	}

	final FunctionType functionType() {
		return this.function.type();
	}

	final BatchRequest request() {
		return this.request;
	}

	final BatchStates states() {
		return this.states;
	}

	final BatchEffects effects() {
		return this.effects;
	}

	final @Nullable BatchTally tally() {
		return this.tally;
	}

	final Address self() {
		if (this.self == null) {
			this.self = Address.of(functionType(), this.request.targetId());
		}
		return this.self;
	}

	// Consecutive messages mostly have the same caller, whose address they share
	final @Nullable Address caller(int invocation) {
		if (!this.request.hasCaller(invocation)) {
			return null;
		}
		Caller last = this.lastCaller;
		if (last == null || !this.request.hasSameCaller(invocation, last.invocation())) {
			last = new Caller(invocation, readCaller(invocation));
			this.lastCaller = last;
		}
		return last.address();
	}

	private Address readCaller(int invocation) {
		if (this.request.isCallerPlain(invocation)) {
			return Address.ofFields(this.request.copyCaller(invocation));
		}
		String[] parts = this.request.caller(invocation);
		try {
			return Address.of(FunctionType.of(parts[0], parts[1]), parts[2]);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalStateException("The caller of function '" + functionType()
					+ "' has no address that could be sent to, but reply() reaches it: "
					+ Printable.of(String.join("/", parts)), ex);
		}
	}

	abstract HeaderOptions headers();

	abstract void restoreInterruption(boolean before);

	/**
	 * Caller of an invocation.
	 *
	 * @param invocation index of the invocation
	 * @param address address of the caller
	 */
	private record Caller(int invocation, Address address) {

	}

}
