package dev.statefun.flinktests.program;

import java.util.List;

import dev.statefun.sdk.message.MessageType;

/**
 * The message of the programs: commands that its receiver executes in order, after it has
 * sent the name to the egress.
 *
 * @param name distinguishes the messages of a program
 * @param list the commands
 */
@MessageType("program/Commands")
public record Commands(String name, List<Command> list) {

	/**
	 * Create a message.
	 * @param name its name
	 * @param commands the commands
	 * @return the message
	 */
	public static Commands of(String name, Command... commands) {
		return new Commands(name, List.of(commands));
	}

	/**
	 * Create the message that requests the states.
	 * @return the message
	 */
	public static Commands report() {
		return of("report", new Command.Report());
	}

	@Override
	public String toString() {
		return this.name + this.list;
	}

}
