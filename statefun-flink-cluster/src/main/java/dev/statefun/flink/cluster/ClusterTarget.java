package dev.statefun.flink.cluster;

import java.io.IOException;
import java.util.Set;
import java.util.function.Supplier;

import com.google.protobuf.Any;
import dev.statefun.local.playground.PlaygroundTarget;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Appends the messages of the playground's port to the log.
 *
 * @param log the log
 * @param module the module that was submitted
 */
record ClusterTarget(IngressLog log, Supplier<@Nullable SubmittedModule> module) implements PlaygroundTarget {

	@Override
	public boolean serves(FunctionType function) {
		SubmittedModule submitted = this.module.get();
		return submitted != null && submitted.serves(function);
	}

	@Override
	public String functions() {
		SubmittedModule submitted = this.module.get();
		return ((submitted != null) ? submitted.functions() : Set.of()).toString();
	}

	@Override
	public void send(Address target, Any message, Headers headers) {
		try {
			this.log.append(target, message, headers);
		}
		catch (IOException ex) {
			throw new IllegalStateException("The message was not accepted, as it can't be written: " + ex, ex);
		}
	}

}
