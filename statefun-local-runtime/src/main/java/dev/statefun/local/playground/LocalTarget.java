package dev.statefun.local.playground;

import com.google.protobuf.Any;
import dev.statefun.local.LimitExceededException;
import dev.statefun.local.LocalRuntime;
import dev.statefun.local.LocalRuntimeException;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Headers;

/**
 * Sends messages to a local runtime.
 *
 * @param runtime the runtime
 */
record LocalTarget(LocalRuntime runtime) implements PlaygroundTarget {

	@Override
	public boolean serves(FunctionType function) {
		return this.runtime.functions().contains(function);
	}

	@Override
	public String functions() {
		return this.runtime.functions().toString();
	}

	@Override
	public void send(Address target, Any message, Headers headers) {
		try {
			this.runtime.send(target, message, headers);
		}
		catch (LimitExceededException ex) {
			throw new IllegalStateException(ex.getMessage(), ex);
		}
		catch (LocalRuntimeException ex) {
			throw new IllegalStateException("The local runtime has failed. " + ex.getMessage(), ex);
		}
	}

}
