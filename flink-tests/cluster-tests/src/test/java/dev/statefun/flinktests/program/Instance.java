package dev.statefun.flinktests.program;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.statefun.sdk.Address;

/**
 * A function instance during an invocation: a real one, or the one of a
 * {@link Expectation}.
 */
interface Instance {

	/** The states beside the count, of different kinds. */
	List<String> STATES = List.of("text", "note", "raw");

	/** Key of the header that goes on by itself. */
	String PROPAGATED = "tenant";

	void increment();

	long count();

	Optional<String> get(String state);

	void set(String state, String text);

	void delete(String state);

	void egress(String text);

	void send(Address target, Commands message);

	void reply(Commands message);

	void sendAfter(Duration delay, Address target, Commands message);

	void schedule(String token, Duration delay, Address target, Commands message);

	void cancel(String token);

	void startTimer(String timer, Duration delay, Commands message);

	void cancelTimer(String timer);

	boolean isPending(String timer);

	/**
	 * Return the headers of the message.
	 * @return values by key
	 */
	Map<String, String> headers();

	/**
	 * Return this instance, with a header on all that it sends.
	 * @param key key of the header
	 * @param value its value
	 * @return the instance
	 */
	Instance withHeader(String key, String value);

	void forward(Address target);

}
