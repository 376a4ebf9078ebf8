package dev.statefun.sdk.registry;

import java.util.ArrayList;
import java.util.List;

import dev.statefun.sdk.PendingTimers;
import dev.statefun.sdk.ValueSpec;

/**
 * Collects the states of one function from its declarations. A state may be declared
 * several times, but only in the same way.
 */
final class DeclaredStates {

	private final String origin;

	private final List<ValueSpec<?>> specs = new ArrayList<>();

	private boolean timers;

	DeclaredStates(String origin) {
		this.origin = origin;
	}

	// Returns the position of the state among the function's states
	int add(ValueSpec<?> spec) {
		for (int i = 0; i < this.specs.size(); i++) {
			ValueSpec<?> declared = this.specs.get(i);
			if (declared.name().equals(spec.name())) {
				if (!declared.equals(spec)) {
					throw new InvalidFunctionException(this.origin,
							"state '" + spec.name() + "' is declared in two ways, as " + declared + " and as " + spec,
							"Declare it in the same way everywhere, or give one of the states another name", null);
				}
				return i;
			}
		}
		this.specs.add(spec);
		return this.specs.size() - 1;
	}

	void addTimers() {
		this.timers = true;
	}

	// The state of the timers comes last
	List<ValueSpec<?>> specs() {
		List<ValueSpec<?>> all = new ArrayList<>(this.specs);
		if (this.timers && !all.contains(PendingTimers.STATE)) {
			all.add(PendingTimers.STATE);
		}
		return all;
	}

}
