package dev.statefun.flinktests.program;

import java.util.ArrayList;
import java.util.List;

import dev.statefun.sdk.Address;

/**
 * A function instance schedules a message and cancels it from another message, about when
 * it is due. Then it uses the token once more.
 *
 * @param id id of the instance
 * @param due when the message is due, in milliseconds
 * @param cancelled when the one that cancels it is due
 */
public record Race(String id, long due, long cancelled) {

	/**
	 * What is sent to the egress whoever wins: the first message, two more, and no other.
	 */
	public static final int CERTAIN_RECORDS = 3;

	/**
	 * The instance.
	 * @return its address
	 */
	public Address self() {
		return Address.of("program/a", this.id);
	}

	/**
	 * The message that begins the race.
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
	 * Whether this instance sent a record.
	 * @param record the record
	 * @return whether it did
	 */
	public boolean hasSent(String record) {
		return record.startsWith(self() + ": ");
	}

	/**
	 * What may be found: the message arrives first, or is cancelled. What the cluster had
	 * on its way already when it was cancelled arrives before what is sent then.
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
