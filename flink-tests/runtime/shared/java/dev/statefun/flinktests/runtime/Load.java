package dev.statefun.flinktests.runtime;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Many messages requested by one line, so that the test does not limit their rate.
 *
 * @param function receiver, {@code <namespace>/<name>}
 * @param messages number of messages
 * @param ids number of instances that receive them in turn; their ids are numbers from 0
 * @param typename type of all messages
 * @param value value of all messages, in Base64
 */
record Load(String function, long messages, long ids, String typename, String value) {

	static boolean isLoad(String line) {
		return line.startsWith("load ");
	}

	static Load parse(String line) {
		String[] parts = line.split(" ", -1);
		if (parts.length != 6 || !isLoad(line)) {
			throw new IllegalArgumentException("Not a line to load: " + line);
		}
		return new Load(parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3]), parts[4], parts[5]);
	}

	/**
	 * Format one of the messages as if the test had sent it.
	 * @param number its number, from 0
	 * @return the line
	 */
	String line(long number) {
		byte[] id = Long.toString(number % this.ids).getBytes(StandardCharsets.US_ASCII);
		return "send " + this.function + " " + Base64.getEncoder().encodeToString(id) + " " + this.typename + " "
				+ this.value;
	}

}
