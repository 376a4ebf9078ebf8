package dev.statefun.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.statefun.manifest.StateChange.Kind;
import dev.statefun.manifest.StateManifest.Function;
import dev.statefun.manifest.StateManifest.Message;
import dev.statefun.manifest.StateManifest.State;
import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.schema.ValueSchema;
import org.jspecify.annotations.Nullable;

/**
 * Compares two manifests. The consequences in a cluster are described in protocol.md
 * §4.1.
 */
final class StateChanges {

	private static final String NOTHING = "nothing";

	private final List<StateChange> changes = new ArrayList<>();

	private final StateManifest earlier;

	private final StateManifest later;

	private StateChanges(StateManifest earlier, StateManifest later) {
		this.earlier = earlier;
		this.later = later;
	}

	static List<StateChange> between(StateManifest earlier, StateManifest later) {
		StateChanges changes = new StateChanges(earlier, later);
		earlier.functions().forEach((name, before) -> {
			Function after = later.functions().get(name);
			if (after != null) {
				changes.states(name, before, after);
				changes.messages(name, before, after);
				changes.recorded(name, before, after);
			}
			else {
				changes.add(Kind.FUNCTION_REMOVED, name, null, "served", NOTHING,
						"Messages that are still on their way to it fail the job once it is missing in module.yaml, "
								+ "and its states stay behind");
			}
		});
		later.functions().forEach((name, after) -> {
			if (!earlier.functions().containsKey(name)) {
				changes.add(Kind.FUNCTION_ADDED, name, null, NOTHING, "served", "It has to be in module.yaml");
			}
		});
		changes.changes.sort((one, other) -> one.function().compareTo(other.function()));
		return List.copyOf(changes.changes);
	}

	private void states(String function, Function before, Function after) {
		SortedMap<String, State> removed = new TreeMap<>(before.states());
		SortedMap<String, State> added = new TreeMap<>(after.states());
		removed.keySet().removeAll(after.states().keySet());
		added.keySet().removeAll(before.states().keySet());
		before.states().forEach((name, state) -> {
			State now = after.states().get(name);
			if (now != null) {
				state(function, name, state, now);
			}
		});
		renamed(function, removed, added);
		removed.forEach((name, state) -> add(Kind.REMOVED, function, name, "'" + state.type() + "'", NOTHING,
				"Its values stay behind and can't be read any more"));
		added.forEach((name, state) -> add(Kind.ADDED, function, name, NOTHING, "'" + state.type() + "'",
				"It begins absent everywhere; clusters of 2.x need it in module.yaml"));
	}

	private void state(String function, String name, State before, State after) {
		if (!before.type().equals(after.type())) {
			add(Kind.TYPE_CHANGED, function, name, "'" + before.type() + "'", "'" + after.type() + "'",
					"A 3.x cluster fails the job for it, also when it restores a savepoint, and on 2.x the stored "
							+ "values can't be read. Keep the type, or give the state a new name and read both");
		}
		else {
			inside(function, name, null, before.schema(), after.schema());
		}
		if (!before.expiration().equals(after.expiration())) {
			boolean switched = before.expiration().mode() == Expiration.Mode.NEVER
					|| after.expiration().mode() == Expiration.Mode.NEVER;
			add(switched ? Kind.TTL_SWITCHED : Kind.TTL_CHANGED, function, name,
					"expiring " + before.describeExpiration(), "expiring " + after.describeExpiration(),
					switched ? "Flink refuses to restore a state whose expiry was turned on or off. "
							+ "Give the state a new name"
							: "A running job ignores it until it restarts; clusters of 2.x need it in module.yaml");
		}
	}

	// One of each in a function: in any case, the new one begins absent
	private void renamed(String function, SortedMap<String, State> removed, SortedMap<String, State> added) {
		for (String type : removed.values().stream().map(State::type).distinct().toList()) {
			List<String> gone = namesOf(removed, type);
			List<String> come = namesOf(added, type);
			if (gone.size() == 1 && come.size() == 1) {
				add(Kind.RENAMED, function, gone.get(0), "'" + gone.get(0) + "'", "'" + come.get(0) + "'",
						"States are found by name, so the new one begins absent and what the old one holds is not "
								+ "read any more. Keep the name, or read both");
				removed.remove(gone.get(0));
				added.remove(come.get(0));
			}
		}
	}

	private static List<String> namesOf(SortedMap<String, State> states, String type) {
		return states.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().type().equals(type))
			.map(Map.Entry::getKey)
			.toList();
	}

	private void messages(String function, Function before, Function after) {
		before.messages().forEach((type, message) -> {
			Message now = after.messages().get(type);
			if (now != null) {
				inside(function, null, type, message.schema(), now.schema());
			}
			else if (!after.messages().containsKey(StateManifest.ANY)) {
				add(Kind.MESSAGE_REMOVED, function, null, "taking '" + type + "'", "not",
						"Messages of the type that are still on their way fail");
			}
		});
		for (String type : after.messages().keySet()) {
			if (!before.messages().containsKey(type)) {
				add(Kind.MESSAGE_ADDED, function, null, "not taking '" + type + "'", "taking it",
						"Its senders have to be deployed later");
			}
		}
	}

	private void inside(String function, @Nullable String state, @Nullable String message, @Nullable ValueSchema before,
			@Nullable ValueSchema after) {
		if (before == null || after == null) {
			return;
		}
		for (Difference difference : new SchemaDifferences(this.earlier.schemas(), this.later.schemas()).between(before,
				after)) {
			this.changes.add(new StateChange(difference.kind(), function, state, message, difference.path(),
					difference.before(), difference.after(), difference.forward().verdict(),
					difference.back().verdict(), consequence(difference)));
		}
	}

	private static String consequence(Difference difference) {
		String text = "Forward " + difference.forward() + "; back " + difference.back();
		if (difference.forward().verdict() == Verdict.UNREADABLE) {
			return text + ". Keep what was, or give the state or message a new name and read both";
		}
		if (difference.back().verdict() == Verdict.UNREADABLE) {
			return text + ". Neither roll back nor let both releases run once it was written, or deploy first a "
					+ "release that only reads it";
		}
		return text;
	}

	// Once per function: an older manifest has none of them
	private void recorded(String function, Function before, Function after) {
		boolean missing = before.states().entrySet().stream().anyMatch((state) -> {
			State now = after.states().get(state.getKey());
			return now != null && isMissing(state.getValue().schema(), now.schema());
		}) || before.messages().entrySet().stream().anyMatch((message) -> {
			Message now = after.messages().get(message.getKey());
			return now != null && isMissing(message.getValue().schema(), now.schema());
		});
		if (missing) {
			add(Kind.NOT_RECORDED, function, null, "not recorded", "recorded",
					"The earlier manifest does not describe the inside of values, so changes there are not reported");
		}
	}

	// The name of a primitive type says everything
	private static boolean isMissing(@Nullable ValueSchema before, @Nullable ValueSchema after) {
		return before == null && after != null && !(after instanceof ValueSchema.Scalar);
	}

	private void add(Kind kind, String function, @Nullable String state, String before, String after,
			String consequence) {
		this.changes.add(new StateChange(kind, function, state, before, after, consequence));
	}

}
