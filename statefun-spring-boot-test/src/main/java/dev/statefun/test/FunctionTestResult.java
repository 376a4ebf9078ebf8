package dev.statefun.test;

import java.util.List;
import java.util.Optional;

import com.google.protobuf.Any;
import dev.statefun.local.Effects;
import dev.statefun.sdk.Address;
import dev.statefun.spring.client.FunctionRequestException;
import org.assertj.core.api.AssertProvider;
import org.jspecify.annotations.Nullable;

/**
 * Effects of functions after a message was sent or time has passed. Made for
 * {@code assertThat(result)}; see {@link FunctionTestResultAssert}.
 *
 * @since 0.1.0
 */
public final class FunctionTestResult implements AssertProvider<FunctionTestResultAssert> {

	private final StatefulFunctionTester tester;

	private final long step;

	private final @Nullable Address self;

	private final @Nullable Address caller;

	private final List<Effects> effects;

	/** Pending timers and failures, line by line. */
	private final List<String> remarks;

	FunctionTestResult(StatefulFunctionTester tester, long step, @Nullable Address self, @Nullable Address caller,
			List<Effects> effects, List<String> remarks) {
		this.tester = tester;
		this.step = step;
		this.self = self;
		this.caller = caller;
		this.effects = effects;
		this.remarks = remarks;
	}

	/**
	 * Return all effects by reply, in the order in which the replies were applied.
	 * @return the effects of each reply
	 */
	public List<Effects> effects() {
		return this.effects;
	}

	// The receiver of the message
	@Nullable Address self() {
		return this.self;
	}

	@Nullable Address caller() {
		return this.caller;
	}

	/**
	 * Return the first message that was sent to the caller. After
	 * {@link StatefulFunctionTester#advance advance} or
	 * {@link StatefulFunctionTester#restart restart}, the caller is that of the message
	 * sent last.
	 * @param <R> type of the reply
	 * @param type type of the reply, or {@link Any} for any message in its raw form
	 * @return the reply
	 * @throws FunctionRequestException with the reason {@code FAILED} if a function has
	 * skipped the message of a gateway, or made it a dead letter
	 * @throws AssertionError if there is no reply, the first one is of another type, or
	 * there was no caller
	 * @throws IllegalArgumentException if the type has no mapping, or the reply can't be
	 * decoded
	 */
	public <R> R reply(Class<R> type) {
		decoder().requireMapped(type);
		Address caller = this.caller;
		if (caller == null) {
			throw new AssertionError(FunctionTestResultAssert.NO_CALLER);
		}
		Effect first = this.effects.stream()
			.flatMap((reply) -> Effect.allOf(reply).stream())
			.filter((effect) -> effect.isReplyTo(caller))
			.findFirst()
			.orElseThrow(() -> noReply(caller, type));
		Any reply = first.sent().message();
		String failure = GatewayCaller.isGateway(caller) ? GatewayCaller.failureIn(reply) : null;
		if (failure != null) {
			throw GatewayCaller.failed(first.self(), failure, happened());
		}
		if (!decoder().isOf(type, reply)) {
			throw new AssertionError("Expected a reply of the type '" + type.getName() + "' from '" + first.self()
					+ "', found " + decoder().describe(reply) + ".\n" + happened());
		}
		return decoder().decode(reply, type);
	}

	private AssertionError noReply(Address caller, Class<?> type) {
		String subject = (this.self != null) ? "'" + this.self + "' did not reply" : "There was no reply";
		return new AssertionError(
				subject + " to '" + caller + "'. If the reply comes later, let time pass, and take it "
						+ "from the result: 'tester.advance(duration).reply(" + type.getSimpleName() + ".class)'.\n"
						+ happened());
	}

	/**
	 * Return a description of the effects, for the end of an error.
	 * @return lines with indentation
	 */
	String happened() {
		return "What happened:\n" + ("\n" + this).replace("\n", "\n  ").substring(1);
	}

	Decoder decoder() {
		return this.tester.decoder();
	}

	Optional<Any> state(Address instance, String name) {
		if (!this.tester.isAt(this.step)) {
			throw new IllegalStateException("State '" + name + "' of '" + instance
					+ "' may have changed since this result: assert on it before the tester goes on, or ask the tester "
					+ "for the state");
		}
		return this.tester.runtime().state(instance, name);
	}

	/**
	 * Return the assertions.
	 * @return assertions on this result
	 */
	@Override
	public FunctionTestResultAssert assertThat() {
		return new FunctionTestResultAssert(this);
	}

	/**
	 * Return a description of the effects, line by line.
	 * @return a text for people
	 */
	@Override
	public String toString() {
		return new Narrative(decoder()).of(this.effects, this.remarks);
	}

}
