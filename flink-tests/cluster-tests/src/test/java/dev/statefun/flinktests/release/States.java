package dev.statefun.flinktests.release;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.ValueSpec;

/**
 * The states of the releases. Those of the second release can be deployed; the others
 * have one further change.
 */
public enum States {

	/** States of the first release. */
	FIRST {

		@Override
		List<FunctionSpec> functions() {
			return List.of(function("typed", number("value")), function("switched", number("value")),
					function("shorter", number("value").expireAfterWrite(LONG)),
					function("longer", number("value").expireAfterWrite(SHORT)), function("renamed", number("old")),
					function("removed", number("value"), number("gone")), function("grown", Grown.FIRST));
		}

	},

	/** With other times to live, a state that was renamed and one that is gone. */
	SECOND {

		@Override
		List<FunctionSpec> functions() {
			return List.of(function("typed", number("value")), function("switched", number("value")),
					function("shorter", number("value").expireAfterWrite(SHORT)),
					function("longer", number("value").expireAfterWrite(LONG)), function("renamed", number("new")),
					function("removed", number("value")), function("grown", Grown.SECOND));
		}

	},

	/** With a state of another type. */
	OTHER_TYPE {

		@Override
		List<FunctionSpec> functions() {
			return with(function("typed", ValueSpec.of("value", Long.class)));
		}

	},

	/** With a state that expires and did not. */
	EXPIRING {

		@Override
		List<FunctionSpec> functions() {
			return with(function("switched", number("value").expireAfterWrite(LONG)));
		}

	};

	/** Egress for the states of functions. */
	public static final String EGRESS = "release/out";

	/** Type of messages that set the states. */
	public static final String WRITE = "release/Write";

	/** Type of messages that only read the states. */
	public static final String READ = "release/Read";

	/** Time after which the early states expire. */
	public static final Duration SHORT = Duration.ofSeconds(2);

	private static final Duration LONG = Duration.ofHours(1);

	abstract List<FunctionSpec> functions();

	private static List<FunctionSpec> with(FunctionSpec changed) {
		List<FunctionSpec> functions = new ArrayList<>(SECOND.functions());
		functions.replaceAll((function) -> function.type().equals(changed.type()) ? changed : function);
		return functions;
	}

	private static FunctionSpec function(String name, ValueSpec<?>... states) {
		FunctionSpec function = FunctionSpec.of("release/" + name);
		for (ValueSpec<?> state : states) {
			function = function.state(state);
		}
		return function;
	}

	private static ValueSpec<Integer> number(String name) {
		return ValueSpec.of(name, Integer.class);
	}

}
