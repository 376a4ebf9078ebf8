package dev.statefun.local;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.statefun.sdk.FunctionType;
import org.jspecify.annotations.Nullable;

/**
 * A function type with its endpoint, states and instances.
 */
final class HostedFunction {

	final FunctionType type;

	/** Endpoint for its requests, or {@code null} if it is not served here. */
	final @Nullable FunctionEndpoint endpoint;

	/**
	 * Whether another service serves it, so that messages to it leave this runtime. A
	 * function that is neither served here nor outside is only known from a snapshot.
	 */
	final boolean outside;

	final List<KeptState> states = new ArrayList<>();

	/** Instances that are busy or have a state, by id. */
	final Map<String, Mailbox> mailboxes = new HashMap<>();

	private HostedFunction(FunctionType type, @Nullable FunctionEndpoint endpoint, boolean outside) {
		this.type = type;
		this.endpoint = endpoint;
		this.outside = outside;
	}

	static HostedFunction served(FunctionType type, FunctionEndpoint endpoint) {
		return new HostedFunction(type, endpoint, false);
	}

	static HostedFunction outside(FunctionType type) {
		return new HostedFunction(type, null, true);
	}

	static HostedFunction remembered(FunctionType type) {
		return new HostedFunction(type, null, false);
	}

	Mailbox mailbox(String id) {
		Mailbox mailbox = this.mailboxes.get(id);
		if (mailbox == null) {
			mailbox = new Mailbox(this, id);
			this.mailboxes.put(id, mailbox);
		}
		return mailbox;
	}

	// Returns the index of a state, or -1
	int indexOf(String state) {
		for (int i = 0; i < this.states.size(); i++) {
			if (this.states.get(i).name.equals(state)) {
				return i;
			}
		}
		return -1;
	}

	int registeredStates() {
		int registered = 0;
		for (KeptState state : this.states) {
			registered += state.registered ? 1 : 0;
		}
		return registered;
	}

	String stateNames() {
		if (this.states.isEmpty()) {
			return "none";
		}
		return String.join(", ", this.states.stream().map((state) -> "'" + state.name + "'").toList());
	}

}
