package dev.statefun.sdk.handler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.protocol.MissingStatesWriter;
import dev.statefun.sdk.registry.RegisteredFunction;
import dev.statefun.sdk.registry.StateSlot;
import org.jspecify.annotations.Nullable;

/**
 * Locates the states of a function in a request, and requests those that the cluster did
 * not send.
 */
final class MissingStates {

	private static final int[] NO_STATES = {};

	private MissingStates() {
	}

	// The position in the request of each declared state of the function, or -1
	static int[] locate(RegisteredFunction function, BatchRequest request) {
		int count = function.slots().size();
		if (count == 0) {
			return NO_STATES;
		}
		int[] entries = new int[count];
		Arrays.fill(entries, -1);
		for (int i = 0; i < request.stateCount(); i++) {
			Integer slot = request.findState(i, function.slotByName());
			if (slot != null) {
				entries[slot] = i;
			}
		}
		return entries;
	}

	// The reply that requests missing states of a 3.x cluster; null if none is missing.
	// Refuses the request if the cluster can't be asked for them
	static byte @Nullable [] reply(RegisteredFunction function, BatchRequest request, int[] entries) {
		List<StateSlot<?>> missing = null;
		for (int i = 0; i < entries.length; i++) {
			if (entries[i] < 0) {
				missing = (missing != null) ? missing : new ArrayList<>();
				missing.add(function.slots().get(i));
			}
		}
		if (missing == null) {
			return null;
		}
		if (request.dialect() == Dialect.V2) {
			List<String> names = missing.stream().map((slot) -> slot.spec().name()).toList();
			throw new RequestRefusedException(function.type(), "Function '" + function.type() + "' declares the states "
					+ names + ", which the 2.x cluster did not send. " + moduleLines(function.type(), names));
		}
		if (!request.isDialectCertain()) {
			throw new RequestRefusedException(function.type(), "Function '" + function.type()
					+ "' lacks states, and only the form of other states indicates that the cluster is of generation "
					+ "3.x; requesting states from a 2.x cluster would lose the batch. Set the protocol "
					+ "('statefun.protocol' with Spring Boot) to the cluster's generation");
		}
		MissingStatesWriter writer = new MissingStatesWriter();
		for (StateSlot<?> slot : missing) {
			Expiration expiration = slot.spec().expiration();
			writer.add(slot.name(), slot.typenameUtf8(), expiration.mode().ordinal(),
					expiration.timeToLive().toMillis());
		}
		return writer.toByteArray();
	}

	static String moduleLines(FunctionType type, List<String> names) {
		StringBuilder lines = new StringBuilder("Add to the spec of function '").append(type)
			.append("' in the cluster's module.yaml (format \"2.0\"):\nstates:");
		names.forEach((name) -> lines.append("\n  - name: ").append(name));
		return lines.toString();
	}

}
