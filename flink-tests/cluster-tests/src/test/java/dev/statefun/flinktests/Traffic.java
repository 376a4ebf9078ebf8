package dev.statefun.flinktests;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The requests, responses and connections of a cluster, as a {@link RecordingProxy}
 * records them.
 */
final class Traffic {

	private static final int MAX_INCIDENTS = 50;

	private final long begin = System.nanoTime();

	private final Map<Integer, Long> statuses = new TreeMap<>();

	private final Map<Integer, Long> answeredByPort = new TreeMap<>();

	private final Map<End, Long> ends = new EnumMap<>(End.class);

	private final List<String> incidents = new ArrayList<>();

	private long requests;

	/**
	 * The ways in which a connection ends.
	 */
	enum End {

		/** Without a request in flight. */
		IDLE,

		/** No instance accepted it. */
		REFUSED,

		/** By the service, before the first byte of a response. */
		BEFORE_RESPONSE,

		/** By the service, after the first byte of a response and before its last one. */
		WITHIN_RESPONSE,

		/** By the service, with something other than a response of HTTP/1.1. */
		NOT_HTTP,

		/** By the cluster, before the last byte of a response. */
		GIVEN_UP

	}

	synchronized void requested() {
		this.requests++;
	}

	synchronized void answered(int status, int port) {
		this.statuses.merge(status, 1L, Long::sum);
		this.answeredByPort.merge(port, 1L, Long::sum);
	}

	synchronized void ended(End end) {
		this.ends.merge(end, 1L, Long::sum);
	}

	synchronized void incident(String text) {
		if (this.incidents.size() < MAX_INCIDENTS) {
			this.incidents.add("%.3f s: %s".formatted((System.nanoTime() - this.begin) / 1e9, text));
		}
	}

	/**
	 * Return the number of requests that have begun.
	 * @return the count
	 */
	synchronized long requests() {
		return this.requests;
	}

	/**
	 * Return the number of complete responses by status.
	 * @return a copy
	 */
	synchronized Map<Integer, Long> statuses() {
		return Collections.unmodifiableMap(new TreeMap<>(this.statuses));
	}

	/**
	 * Return the number of complete responses of an instance, of any status.
	 * @param port port of the instance
	 * @return the count
	 */
	synchronized long answeredBy(int port) {
		return this.answeredByPort.getOrDefault(port, 0L);
	}

	synchronized long count(End end) {
		return this.ends.getOrDefault(end, 0L);
	}

	// For the report of a test: all counts, and unusual events
	@Override
	public synchronized String toString() {
		StringBuilder text = new StringBuilder("  requests            %8d%n".formatted(this.requests));
		this.statuses.forEach((status, count) -> text.append("  status %d          %8d%n".formatted(status, count)));
		this.ends.forEach((end, count) -> text.append("  closed %-15s %5d%n".formatted(end, count)));
		this.incidents.forEach((incident) -> text.append("  ").append(incident).append(System.lineSeparator()));
		return text.toString();
	}

}
