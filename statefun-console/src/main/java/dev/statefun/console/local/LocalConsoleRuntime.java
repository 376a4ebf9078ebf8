package dev.statefun.console.local;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;

import com.google.protobuf.Any;
import dev.statefun.console.http.ConsoleException;
import dev.statefun.console.http.JsonObject;
import dev.statefun.console.http.Problem;
import dev.statefun.console.record.Recording;
import dev.statefun.console.record.RecordingSwitch;
import dev.statefun.console.runtime.ConsoleRuntime;
import dev.statefun.local.LimitExceededException;
import dev.statefun.local.LocalRuntime;
import dev.statefun.local.LocalRuntimeException;
import dev.statefun.local.LocalRuntimeOperations.ClockKind;
import dev.statefun.local.LocalRuntimeOperations.FunctionLoad;
import dev.statefun.local.LocalRuntimeOperations.PendingTimer;
import dev.statefun.local.LocalRuntimeOperations.RuntimeClock;
import dev.statefun.local.playground.Playground;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The local runtime, as the console sees it. Thread-safe.
 *
 * @since 0.1.0
 */
public final class LocalConsoleRuntime implements ConsoleRuntime {

	private final LocalRuntime runtime;

	private final FlowRecorder recorder;

	private final @Nullable Playground playground;

	/**
	 * Create the view of a runtime.
	 * @param runtime the runtime
	 * @param recording takes what happens
	 * @param playground the playground, if there is one
	 */
	public LocalConsoleRuntime(LocalRuntime runtime, Recording recording, @Nullable Playground playground) {
		this.runtime = runtime;
		this.recorder = new FlowRecorder(runtime, recording);
		this.playground = playground;
	}

	@Override
	public Map<FunctionType, Load> loads() {
		Map<FunctionType, Load> loads = new HashMap<>();
		for (FunctionLoad load : this.runtime.operations().functions()) {
			// An instance has one request at a time, and the rest waits
			loads.put(load.type(), new Load(load.instances(), load.messages(), load.busy(), load.delayed()));
		}
		return loads;
	}

	@Override
	public JsonObject clock() {
		RuntimeClock clock = this.runtime.operations().clock();
		return new JsonObject().with("mode", clock.kind().name().toLowerCase(Locale.ROOT))
			.with("time", clock.time())
			.with("offset", clock.ahead())
			.with("movable", clock.kind() != ClockKind.REAL);
	}

	@Override
	public @Nullable String ingress() {
		return url(Playground::ingressPort);
	}

	@Override
	public @Nullable String egress() {
		return url(Playground::egressPort);
	}

	private @Nullable String url(ToIntFunction<Playground> port) {
		try {
			return (this.playground != null) ? "http://localhost:" + port.applyAsInt(this.playground) : null;
		}
		catch (IllegalStateException ex) {
			// The server of the application starts before the playground
			return null;
		}
	}

	@Override
	public @Nullable Long send(Address target, Any message, Headers headers) {
		try {
			return this.recorder.send(target, message, headers);
		}
		catch (LimitExceededException ex) {
			throw new ConsoleException(Problem.RUNTIME, String.valueOf(ex.getMessage()));
		}
		catch (LocalRuntimeException ex) {
			throw new ConsoleException(Problem.RUNTIME, "The local runtime has failed. " + ex.getMessage());
		}
	}

	@Override
	public RecordingSwitch.Source source() {
		return this.recorder;
	}

	@Override
	public boolean serves(FunctionType type) {
		return this.runtime.functions().contains(type);
	}

	@Override
	public @Nullable Any state(Address self, String name) {
		return this.runtime.states(self).get(name);
	}

	@Override
	public @Nullable Any delayed(long id) {
		return this.runtime.operations().timer(id).map(PendingTimer::message).orElse(null);
	}

}
