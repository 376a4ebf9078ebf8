package dev.statefun.test;

import java.util.List;
import java.util.Optional;

import com.google.protobuf.Any;
import dev.statefun.local.Effects;
import dev.statefun.sdk.Address;
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
