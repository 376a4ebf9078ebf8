package dev.statefun.test;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

import dev.statefun.local.FunctionEndpoint;
import dev.statefun.local.HttpFunctionEndpoint;
import dev.statefun.local.LocalRuntime;
import dev.statefun.local.LocalRuntimeListener;
import dev.statefun.local.Transport;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a tester.
 *
 * @param functions the functions under test
 * @param protocol generation of the cluster
 * @param endpoint endpoint for requests, unless there is a URI
 * @param uri URI that requests go to, or {@code null}
 * @param settings changes to the runtime
 */
record Setup(StatefulFunctions functions, Protocol protocol, FunctionEndpoint endpoint, @Nullable URI uri,
		Consumer<LocalRuntime.Builder> settings) {

	/** Long enough for a handler in a test, short enough to wait for. */
	private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(10);

	private static final long INVOCATIONS_PER_RUN = 10_000;

	Setup(StatefulFunctions functions) {
		this(functions, Protocol.V3, new RequestReplyHandler(functions)::handle, null, (runtime) -> {
		});
	}

	Setup protocol(Protocol protocol) {
		Objects.requireNonNull(protocol, "'protocol' must not be null");
		Protocol generation = (protocol == Protocol.AUTO) ? Protocol.V3 : protocol;
		return new Setup(this.functions, generation, this.endpoint, this.uri, this.settings);
	}

	Setup over(URI uri) {
		Objects.requireNonNull(uri, "'uri' must not be null");
		return new Setup(this.functions, this.protocol, this.endpoint, uri, this.settings);
	}

	Setup over(FunctionEndpoint endpoint) {
		Objects.requireNonNull(endpoint, "'endpoint' must not be null");
		return new Setup(this.functions, this.protocol, endpoint, null, this.settings);
	}

	Setup and(Consumer<LocalRuntime.Builder> more) {
		Objects.requireNonNull(more, "'settings' must not be null");
		return new Setup(this.functions, this.protocol, this.endpoint, this.uri, this.settings.andThen(more));
	}

	LocalRuntime start(LocalRuntimeListener listener) {
		LocalRuntime.Builder runtime = LocalRuntime.of(this.functions)
			.functions(this.functions, endpointOfRuntime())
			.protocol(this.protocol)
			.manualClock()
			.outside((type) -> true)
			.replyTimeout(REPLY_TIMEOUT)
			.invocationsPerRun(INVOCATIONS_PER_RUN);
		this.settings.accept(runtime);
		return runtime.listener(listener).start();
	}

	private FunctionEndpoint endpointOfRuntime() {
		if (this.uri == null) {
			return this.endpoint;
		}
		// The default of each generation (protocol.md §6.3)
		return HttpFunctionEndpoint.of(this.uri, (this.protocol == Protocol.V2) ? Transport.OKHTTP : Transport.ASYNC);
	}

}
