package dev.statefun.sdk.registry;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.PersistedValue;
import org.jspecify.annotations.Nullable;

/**
 * Call of a handler with object, message, context and states, whatever the order of its
 * parameters. The method is resolved at start-up. The adapted method handle is created
 * before the first call, as that takes a third of the time to register a function, and
 * can't fail.
 *
 * @param method the method, including its object
 * @param order for the object and each parameter, what it is created from
 * @param arguments for each parameter, a method handle that converts to it, or
 * {@code null} if it is passed as it is
 */
record HandlerCall(MethodHandle method, int[] order, @Nullable MethodHandle[] arguments) {

	/** Positions in the type of the adapted method handle. */
	static final int MESSAGE = 1;

	static final int CONTEXT = 2;

	static final int STATES = 3;

	/** Type of the adapted method handle. */
	static final MethodType TYPE = MethodType.methodType(Object.class, Object.class, Object.class, Context.class,
			PersistedValue[].class);

	MethodHandle adapt() {
		MethodHandle handle = this.method.asFixedArity();
		for (int i = 0; i < this.arguments.length; i++) {
			MethodHandle argument = this.arguments[i];
			if (argument != null) {
				Class<?> parameter = handle.type().parameterType(1 + i);
				handle = MethodHandles.filterArguments(handle, 1 + i,
						argument.asType(argument.type().changeReturnType(parameter)));
			}
		}
		// Parameters of general types, which include unboxing, can be reordered
		MethodType general = handle.type().changeReturnType(Object.class);
		for (int i = 0; i < this.order.length; i++) {
			general = general.changeParameterType(i, TYPE.parameterType(this.order[i]));
		}
		return MethodHandles.permuteArguments(handle.asType(general), TYPE, this.order);
	}

}
