package dev.statefun.sdk;

import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

import org.jspecify.annotations.Nullable;

/**
 * The template of the classes that call one handler each, which are made from its class
 * file with the handler's method handle as their data. Not used itself.
 */
final class ConstantHandlerCall implements HandlerCall {

	private static final MethodHandle HANDLE = handle();

	private static MethodHandle handle() {
		try {
			return MethodHandles.classData(MethodHandles.lookup(), ConstantDescs.DEFAULT_NAME, MethodHandle.class);
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public @Nullable Object call(Object instance, Object message, Context context, PersistedValue<?>[] states)
			throws Throwable {
		return (Object) HANDLE.invokeExact(instance, message, context, states);
	}

}
