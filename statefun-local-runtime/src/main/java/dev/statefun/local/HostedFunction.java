package dev.statefun.local;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.statefun.sdk.FunctionType;
import org.jspecify.annotations.Nullable;

/**
 * A function type with its endpoint, states and instances.
 */
final class HostedFunction {

	private final FunctionType type;

	private final @Nullable FunctionEndpoint endpoint;

	private final boolean outside;

	private final List<KeptState> states = new ArrayList<>();

	private final List<KeptState> statesView = Collections.unmodifiableList(this.states);

	/** Instances that are busy or have a state, by id. */
	private final Map<String, Mailbox> mailboxes = new HashMap<>();

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

	FunctionType type() {
		return this.type;
	}

	// Returns the endpoint for its requests, or null if it is not served here
	@Nullable FunctionEndpoint endpoint() {
		return this.endpoint;
	}

	boolean isServed() {
		return this.endpoint != null;
	}

	// Whether another service serves it, so that messages to it leave this runtime. A
	// function that is neither served here nor outside is only known from a snapshot
	boolean isOutside() {
		return this.outside;
	}

	Mailbox mailbox(String id) {
		Mailbox mailbox = this.mailboxes.get(id);
		if (mailbox == null) {
			mailbox = new Mailbox(this, id);
			this.mailboxes.put(id, mailbox);
		}
		return mailbox;
	}

	@Nullable Mailbox findMailbox(String id) {
		return this.mailboxes.get(id);
	}

	Collection<Mailbox> mailboxes() {
		return Collections.unmodifiableCollection(this.mailboxes.values());
	}

	void removeIfEmpty(Mailbox mailbox, long now) {
		if (mailbox.isEmpty(now)) {
			this.mailboxes.remove(mailbox.address().id());
		}
	}

	void removeEmptyMailboxes(long now) {
		this.mailboxes.values().removeIf((mailbox) -> mailbox.isEmpty(now));
	}

	List<KeptState> states() {
		return this.statesView;
	}

	// Returns the index of a state, or -1
	int indexOf(String state) {
		for (int i = 0; i < this.states.size(); i++) {
			if (this.states.get(i).name().equals(state)) {
				return i;
			}
		}
		return -1;
	}

	// Returns the index of the state, which must be a new one
	int add(KeptState state) {
		this.states.add(state);
		return this.states.size() - 1;
	}

	int registeredStates() {
		int registered = 0;
		for (KeptState state : this.states) {
			registered += state.isRegistered() ? 1 : 0;
		}
		return registered;
	}

	String stateNames() {
		if (this.states.isEmpty()) {
			return "none";
		}
		return String.join(", ", this.states.stream().map((state) -> "'" + state.name() + "'").toList());
	}

}
