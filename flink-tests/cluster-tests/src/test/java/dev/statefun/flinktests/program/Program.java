package dev.statefun.flinktests.program;

import java.util.List;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.handler.Protocol;

/**
 * The messages that an ingress sends, in order, and the addresses that are used. All ids
 * begin with the seed, so that many programs share a runtime without affecting each
 * other.
 *
 * @param seed seed that the program was created from
 * @param addresses all function instances
 * @param inputs the messages
 */
public record Program(long seed, List<Address> addresses, List<Input> inputs) {

	/**
	 * Create a program.
	 * @param seed the seed; equal seeds create equal programs
	 * @param cluster the generation of the cluster; only on 3.x can messages be cancelled
	 * @return the program
	 */
	public static Program of(long seed, Protocol cluster) {
		return new ProgramGenerator(seed, cluster).generate();
	}

	/**
	 * Return the seed of the program that an id belongs to.
	 * @param id id of a function instance
	 * @return the seed of the program
	 */
	public static long seed(String id) {
		return Long.parseLong(id.substring(0, id.indexOf('-')));
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder("program of seed " + this.seed);
		this.inputs.forEach((input) -> text.append("\n  ").append(input));
		return text.toString();
	}

	/**
	 * A message from the ingress.
	 *
	 * @param target its receiver
	 * @param message the message
	 */
	public record Input(Address target, Commands message) {

		@Override
		public String toString() {
			return this.target + " <- " + this.message;
		}

	}

}
