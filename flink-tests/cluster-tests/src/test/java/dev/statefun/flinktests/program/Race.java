package dev.statefun.flinktests.program;

import java.util.ArrayList;
import java.util.List;

import dev.statefun.sdk.Address;

/**
 * A race in which a function instance schedules a message and cancels it from another
 * message at about the time when it is due. Then it uses the token once more.
 *
 * @param id id of the instance
 * @param due time when the message is due, in milliseconds
 * @param cancelled time when the cancelling message is due
 */
public record Race(String id, long due, long cancelled) {

	/**
	 * Records that are sent to the egress in any case: the first message, two more, and
	 * no other.
	 */
	public static final int CERTAIN_RECORDS = 3;

	/**
	 * Return the instance.
	 * @return its address
	 */
	public Address self() {
		return Address.of("program/a", this.id);
	}

	/**
	 * Return the message that starts the race.
	 * @return the message
	 */
	public Commands message() {
		Command.Target self = Command.Target.of(self());
		Commands again = Commands.of("again");
		Commands cancellation = Commands.of("cancelled", new Command.Cancel("token"),
				new Command.Schedule("token", 1, self, again));
		return Commands.of("begin", new Command.Schedule("token", this.due, self, Commands.of("delivered")),
				new Command.SendAfter(this.cancelled, self, cancellation));
	}

	/**
	 * Return whether this instance sent a record.
	 * @param record the record
	 * @return whether it did
	 */
	public boolean hasSent(String record) {
		return record.startsWith(self() + ": ");
	}

	/**
	 * Return whether the race has ended.
	 * @param records records of all instances
	 * @return whether the last record of this instance is there
	 */
	public boolean hasEnded(List<String> records) {
		return records.contains(Expectation.record(self().toString(), "again"));
	}

	/**
	 * Return the possible outcomes: the message arrives first, or is cancelled. A message
	 * that the cluster had in flight when it was cancelled arrives before those sent
	 * then.
	 * @return the records, in order
	 */
	public List<List<String>> allowed() {
		return List.of(records("begin", "cancelled", "again"), records("begin", "delivered", "cancelled", "again"),
				records("begin", "cancelled", "delivered", "again"));
	}

	private List<String> records(String... texts) {
		List<String> records = new ArrayList<>();
		for (String text : texts) {
			records.add(Expectation.record(self().toString(), text));
		}
		return records;
	}

}
