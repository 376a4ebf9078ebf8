package dev.statefun.sdk.registry;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.PersistedValue;
import org.jspecify.annotations.Nullable;

/**
 * Calls of some handlers by one method handle. The JVM compiles a method handle for
 * itself once it has been called often, which takes minutes with a handle for each of a
 * thousand functions. Handles within a table share their code. Larger tables would exceed
 * the size of a method that the JVM compiles.
 * <p>
 * Calls are added by one thread, before the first invocation. Then thread-safe.
 */
final class HandlerTable {

	private static final int MAX_CALLS = 32;

	private static final MethodType TYPE = HandlerCall.TYPE.insertParameterTypes(0, int.class);

	private final List<HandlerCall> calls = new ArrayList<>();

	/** Immutable, so each of several threads may create its own. */
	private @Nullable MethodHandle calling;

	boolean isFull() {
		return this.calls.size() == MAX_CALLS;
	}

	// Returns the index of the call
	int add(HandlerCall call) {
		this.calls.add(call);
		return this.calls.size() - 1;
	}

	@Nullable Object invoke(int call, Object instance, Object message, Context context, PersistedValue<?>[] states)
			throws Throwable {
		MethodHandle calling = this.calling;
		if (calling == null) {
			calling = createCalling();
			this.calling = calling;
		}
		return (Object) calling.invokeExact(call, instance, message, context, states);
	}

	private MethodHandle createCalling() {
		MethodHandle[] cases = this.calls.stream()
			.map((call) -> MethodHandles.dropArguments(call.adapt(), 0, int.class))
			.toArray(MethodHandle[]::new);
		// Never called
		MethodHandle other = MethodHandles.empty(TYPE);
		return MethodHandles.tableSwitch(other, cases);
	}

}
