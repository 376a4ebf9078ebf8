package dev.statefun.flinktests.program;

import java.time.Duration;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;

/**
 * A command that a message gives to a function.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
public sealed interface Command {

	/**
	 * Execute the command.
	 * @param instance instance that executes it
	 */
	void execute(Instance instance);

	/**
	 * The address of a function instance in JSON.
	 *
	 * @param type the function's name in {@code program}
	 * @param id the id
	 */
	record Target(String type, String id) {

		static Target of(Address address) {
			return new Target(address.type().name(), address.id());
		}

		Address address() {
			return Address.of(FunctionType.of("program", this.type), this.id);
		}

		@Override
		public String toString() {
			return this.type + "/" + this.id;
		}

	}

	/** Counts, independent of the order. */
	record Increment() implements Command {

		@Override
		public void execute(Instance instance) {
			instance.increment();
		}

	}

	record Set(String state, String text) implements Command {

		@Override
		public void execute(Instance instance) {
			instance.set(this.state, this.text);
		}

	}

	/** The resulting value shows the order of all earlier appends. */
	record Append(String state, String text) implements Command {

		@Override
		public void execute(Instance instance) {
			instance.set(this.state, instance.get(this.state).orElse("") + this.text);
		}

	}

	record Delete(String state) implements Command {

		@Override
		public void execute(Instance instance) {
			instance.delete(this.state);
		}

	}

	record Show(String state) implements Command {

		@Override
		public void execute(Instance instance) {
			instance.egress(this.state + " is " + instance.get(this.state).orElse("absent"));
		}

	}

	record Egress(String text) implements Command {

		@Override
		public void execute(Instance instance) {
			instance.egress(this.text);
		}

	}

	record Send(Target target, Commands message) implements Command {

		@Override
		public void execute(Instance instance) {
			instance.send(this.target.address(), this.message);
		}

	}

	record Reply(Commands message) implements Command {

		@Override
		public void execute(Instance instance) {
			instance.reply(this.message);
		}

	}

	record SendAfter(long millis, Target target, Commands message) implements Command {

		@Override
		public void execute(Instance instance) {
			instance.sendAfter(Duration.ofMillis(this.millis), this.target.address(), this.message);
		}

	}

	record Schedule(String token, long millis, Target target, Commands message) implements Command {

		@Override
		public void execute(Instance instance) {
			instance.schedule(this.token, Duration.ofMillis(this.millis), this.target.address(), this.message);
		}

	}

	record Cancel(String token) implements Command {

		@Override
		public void execute(Instance instance) {
			instance.cancel(this.token);
		}

	}

	/** Starts a named timer, which sends the message to the same instance. */
	record StartTimer(String timer, long millis, Commands message) implements Command {

		@Override
		public void execute(Instance instance) {
			instance.startTimer(this.timer, Duration.ofMillis(this.millis), this.message);
		}

	}

	record CancelTimer(String timer) implements Command {

		@Override
		public void execute(Instance instance) {
			instance.cancelTimer(this.timer);
		}

	}

	record ShowTimer(String timer) implements Command {

		@Override
		public void execute(Instance instance) {
			instance.egress("timer " + this.timer + " is " + (instance.isPending(this.timer) ? "pending" : "absent"));
		}

	}

	record ShowHeaders() implements Command {

		@Override
		public void execute(Instance instance) {
			instance.egress("headers are " + instance.headers());
		}

	}

	/** Executes a command that sends a message. */
	record WithHeader(String key, String value, Command command) implements Command {

		@Override
		public void execute(Instance instance) {
			this.command.execute(instance.withHeader(this.key, this.value));
		}

	}

	/** Forwards the message of this command once; its receiver executes the rest. */
	record Forward(Target target) implements Command {

		private static final String FORWARDED = "forwarded";

		@Override
		public void execute(Instance instance) {
			if (!instance.headers().containsKey(FORWARDED)) {
				instance.withHeader(FORWARDED, "once").forward(this.target.address());
			}
		}

	}

	record Report() implements Command {

		@Override
		public void execute(Instance instance) {
			StringBuilder report = new StringBuilder("count is " + instance.count());
			for (String state : Instance.STATES) {
				report.append(", ").append(state).append(" is ").append(instance.get(state).orElse("absent"));
			}
			instance.egress(report.toString());
		}

	}

}
