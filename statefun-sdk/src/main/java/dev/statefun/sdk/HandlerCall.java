package dev.statefun.sdk;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

import org.jspecify.annotations.Nullable;

/**
 * Calls a handler method.
 */
interface HandlerCall {

	@Nullable Object call(Object instance, Object message, Context context, PersistedValue<?>[] states) throws Throwable;

	/**
	 * Give a method handle a class of its own, in which it is a constant: only then does
	 * the compiler see through it, and inlines the handler.
	 * @param handle takes the same arguments
	 * @return calls it
	 */
	static HandlerCall of(MethodHandle handle) {
		byte[] template = Template.BYTES;
		if (template == null) {
			return (instance, message, context,
					states) -> (Object) handle.invokeExact(instance, message, context, states);
		}
		try {
			return (HandlerCall) MethodHandles.lookup()
				.defineHiddenClassWithClassData(template, handle, true)
				.lookupClass()
				.getDeclaredConstructor()
				.newInstance();
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("The template of a handler's call can't be used", ex);
		}
	}

	/**
	 * The class file of {@link ConstantHandlerCall}, read once for all handlers.
	 */
	final class Template {

		private static final byte @Nullable [] BYTES = read();

		private Template() {
		}

		// A native image has no class files, and defines no classes when it runs
		private static byte @Nullable [] read() {
			if (System.getProperty("org.graalvm.nativeimage.imagecode") != null) {
				return null;
			}
			try (InputStream file = HandlerCall.class.getResourceAsStream("ConstantHandlerCall.class")) {
				return (file != null) ? file.readAllBytes() : null;
			}
			catch (IOException ex) {
				return null;
			}
		}

	}

}
