package dev.statefun.flinktests.poison;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import org.springframework.stereotype.Component;

/**
 * Side effects of handlers outside of the cluster, which are not rolled back. Functions
 * are instances here: {@code <namespace>/<name>/<id>}.
 */
@Component
public final class Outside {

	private final Map<String, List<String>> handled = new ConcurrentHashMap<>();

	private volatile CountDownLatch gate = new CountDownLatch(1);

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

	int attempts(String self, String item) {
		return Collections.frequency(handled(self), item);
	}

	void awaitOpenGate() throws InterruptedException {
		this.gate.await();
	}

	/**
	 * Make handlers wait at the gate from now on.
	 */
	public void closeGate() {
		this.gate = new CountDownLatch(1);
	}

	/**
	 * Release the handlers that wait at the gate, now and from now on.
	 */
	public void openGate() {
		this.gate.countDown();
	}

}
