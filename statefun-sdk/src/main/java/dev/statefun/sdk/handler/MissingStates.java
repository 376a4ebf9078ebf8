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
 * Finds the states of a function in a request, and says which ones the cluster did not
 * send.
 */
final class MissingStates {

	private static final int[] NO_STATES = {};

	private MissingStates() {
	}

	// For each state of the function its place in the request, or -1. States that the
	// function does not declare are passed over, as every SDK does (protocol.md §9)
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

	// The answer that asks a 3.x cluster for what is missing, or null if nothing is
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
					+ "' lacks states, and nothing but the shape of other states tells that the cluster is of the "
					+ "generation 3.x; asking a 2.x cluster for states would lose the batch. Set the protocol "
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
