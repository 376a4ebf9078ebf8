package dev.statefun.spring.boot.autoconfigure.netty;

import java.util.List;
import java.util.function.Supplier;

import dev.statefun.netty.BatchExecution;
import dev.statefun.netty.BlockListener;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.security.StatefunServerProperties;
import dev.statefun.spring.boot.autoconfigure.security.StatefunServerProperties.Execution;

import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * Creates the threads for the functions of a server, as the properties say.
 */
final class BatchExecutionFactory {

	private final Execution execution;

	private final int poolSize;

	private final List<FunctionType> functions;

	private final Supplier<BlockListener> listener;

	/**
	 * Create a factory.
	 * @param server the properties
	 * @param functions functions that may run on event loops
	 * @param listener receives functions that block event loops
	 */
	BatchExecutionFactory(StatefunServerProperties server, StatefulFunctions functions,
			Supplier<BlockListener> listener) {
		this.execution = server.execution();
		this.poolSize = server.poolSize();
		this.functions = functions.functions().stream().map(FunctionDescriptor::type).toList();
		this.listener = listener;
		if (this.execution == Execution.VIRTUAL_THREADS && !BatchExecution.hasVirtualThreads()) {
			throw new FailureAnalyzedException(
					"'statefun.server.execution' is 'virtual-threads', but Java " + Runtime.version().feature()
							+ " has none.",
					"Run the application on Java 21 or newer, or set 'statefun.server.execution' to 'pool'.");
		}
	}

	/**
	 * Create threads for one start of the server.
	 * @return the threads, to be closed by the server
	 */
	BatchExecution create() {
		return switch (this.execution) {
			case ADAPTIVE ->
				BatchExecution.adaptive(this.functions, BatchExecution.handOff(this.poolSize), this.listener.get());
			case VIRTUAL_THREADS -> BatchExecution.virtualThreads();
			case POOL -> BatchExecution.pool(this.poolSize);
			case EVENT_LOOP -> BatchExecution.eventLoop();
		};
	}

}
