package dev.statefun.console.record;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The last events, for pages that are open. An event refers to what has changed; it is
 * written when it is sent.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class EventLog {

	/** Number of events that are kept. */
	public static final int KEPT = 1000;

	private final Object lock = new Object();

	private final ConsoleEvent[] ring = new ConsoleEvent[KEPT];

	private long last;

	private boolean ended;

	/**
	 * Create an empty log.
	 */
	public EventLog() {
		Arrays.fill(this.ring, new ConsoleEvent(ConsoleEvent.Kind.CLOCK, 0));
	}

	/**
	 * Add an event.
	 * @param event the event
	 */
	public void add(ConsoleEvent event) {
		synchronized (this.lock) {
			this.ring[(int) (this.last++ % KEPT)] = event;
			this.lock.notifyAll();
		}
	}

	/**
	 * Return the number of the last event.
	 * @return the number, 0 if there was none
	 */
	public long last() {
		synchronized (this.lock) {
			return this.last;
		}
	}

	/**
	 * Wait until there is another event.
	 * @param after number of the last event that is known
	 * @param millis maximum time to wait in milliseconds
	 * @throws InterruptedException if the thread is interrupted
	 */
	public void await(long after, long millis) throws InterruptedException {
		long end = System.nanoTime() + millis * 1_000_000;
		synchronized (this.lock) {
			long left = millis;
			while (this.last <= after && !this.ended && left > 0) {
				this.lock.wait(left);
				left = (end - System.nanoTime()) / 1_000_000;
			}
		}
	}

	/**
	 * Wait, unless the log has ended.
	 * @param millis time to wait in milliseconds
	 * @throws InterruptedException if the thread is interrupted
	 */
	public void pause(long millis) throws InterruptedException {
		await(Long.MAX_VALUE, millis);
	}

	/**
	 * Return the events after another one, as far as they are kept.
	 * @param after number of the last event that is known
	 * @return the events, the oldest first, and the number of the last one
	 */
	public Batch after(long after) {
		synchronized (this.lock) {
			long first = Math.max(after, this.last - KEPT);
			List<ConsoleEvent> events = new ArrayList<>();
			for (long i = first; i < this.last; i++) {
				events.add(this.ring[(int) (i % KEPT)]);
			}
			return new Batch(events, this.last, Math.max(0, first - after));
		}
	}

	/**
	 * Let no thread wait any more.
	 */
	public void end() {
		synchronized (this.lock) {
			this.ended = true;
			this.lock.notifyAll();
		}
	}

	/**
	 * Return whether the log has ended.
	 * @return whether it has
	 */
	public boolean isEnded() {
		synchronized (this.lock) {
			return this.ended;
		}
	}

	/**
	 * Events.
	 *
	 * @param events the events, the oldest first
	 * @param last number of the last one
	 * @param lost number of events before them that are no longer kept
	 */
	public record Batch(List<ConsoleEvent> events, long last, long lost) {

	}

}
