package dev.statefun.flinktests.task;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.springframework.stereotype.Component;

/**
 * Side effects of handlers outside of the cluster, which are not rolled back, and gates
 * at which handlers wait. Functions are instances here: {@code <namespace>/<name>/<id>}.
 */
@Component
public final class Outside {

	/** A gate that is always open. */
	public static final String OPEN = "open";

	private final Map<String, List<String>> handled = new ConcurrentHashMap<>();

	private final Map<String, CompletableFuture<Void>> gates = new ConcurrentHashMap<>();

	Outside() {
		open(OPEN);
	}

	void handle(String self, String item) {
		this.handled.computeIfAbsent(self, (key) -> new CopyOnWriteArrayList<>()).add(item);
	}

	/**
	 * Return all items that the handlers of an instance were called with, whatever the
	 * outcome.
	 * @param self the instance
	 * @return the items in order
	 */
	public List<String> handled(String self) {
		return List.copyOf(this.handled.getOrDefault(self, List.of()));
	}

	CompletableFuture<Void> gate(String name) {
		return this.gates.computeIfAbsent(name, (key) -> new CompletableFuture<>());
	}

	/**
	 * Release the handlers that wait at a gate, now and from now on.
	 * @param gate its name
	 */
	public void open(String gate) {
		gate(gate).complete(null);
	}

}
