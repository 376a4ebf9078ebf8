package dev.statefun.spring.boot.autoconfigure.internal;

import java.util.function.Consumer;

import dev.statefun.sdk.handler.InterruptFlag;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Internal: may change in any release. Calls the application's customizers.
 */
public final class Customizers {

	private Customizers() {
	}

	/**
	 * Call all customizers in their order. The thread's interrupt flag is as before
	 * afterwards.
	 * @param <C> type of the customizers
	 * @param customizers the customizers
	 * @param call calls one of them
	 */
	public static <C> void call(ObjectProvider<C> customizers, Consumer<C> call) {
		customizers.orderedStream().forEach((customizer) -> {
			boolean interrupted = InterruptFlag.isSet();
			call.accept(customizer);
			InterruptFlag.restore(interrupted);
		});
	}

}
