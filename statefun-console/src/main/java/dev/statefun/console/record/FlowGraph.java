package dev.statefun.console.record;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts what flows between functions and egresses. Thread-safe.
 *
 * @since 0.1.0
 */
public final class FlowGraph {

	/** Maximum number of edges. */
	public static final int MAX_EDGES = 500;

	private final Object lock = new Object();

	private final Map<EdgeKey, Edge> edges = new LinkedHashMap<>();

	FlowGraph() {
	}

	void count(String from, String to, String kind, String type, Instant at) {
		EdgeKey key = new EdgeKey(from, to, kind, type);
		synchronized (this.lock) {
			Edge edge = this.edges.get(key);
			if (edge != null) {
				this.edges.put(key, new Edge(key, edge.count() + 1, at));
			}
			else if (this.edges.size() < MAX_EDGES) {
				this.edges.put(key, new Edge(key, 1, at));
			}
		}
	}

	void clear() {
		synchronized (this.lock) {
			this.edges.clear();
		}
	}

	/**
	 * Return the edges.
	 * @return the edges, the oldest first
	 */
	public List<Edge> edges() {
		synchronized (this.lock) {
			return new ArrayList<>(this.edges.values());
		}
	}

	/**
	 * Identity of an edge.
	 *
	 * @param from node that sends
	 * @param to node that receives
	 * @param kind kind of messages
	 * @param type type of the messages
	 */
	public record EdgeKey(String from, String to, String kind, String type) {

	}

	/**
	 * An edge.
	 *
	 * @param key its identity
	 * @param count number of messages
	 * @param lastAt time of the last one
	 */
	public record Edge(EdgeKey key, long count, Instant lastAt) {

	}

}
