package dev.statefun.console.runtime;

import java.util.Map;

import com.google.protobuf.Any;
import dev.statefun.console.http.JsonObject;
import dev.statefun.console.record.RecordingSwitch;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A runtime that the console can look into. Thread-safe.
 *
 * @since 0.1.0
 */
public interface ConsoleRuntime {

	/**
	 * Return the load of each function.
	 * @return the loads by type
	 */
	Map<FunctionType, Load> loads();

	/**
	 * Describe the clock.
	 * @return the JSON
	 */
	JsonObject clock();

	/**
	 * Return the address of the playground that accepts messages.
	 * @return the URL without a slash at its end, or {@code null} if there is none
	 */
	@Nullable String ingress();

	/**
	 * Return the address of the playground that serves records of egresses.
	 * @return the URL without a slash at its end, or {@code null} if there is none
	 */
	@Nullable String egress();

	/**
	 * Send a message, as an ingress does.
	 * @param target address of the receiver
	 * @param message the message
	 * @param headers its headers
	 * @return id of the message, or {@code null} if nothing is recorded
	 */
	@Nullable Long send(Address target, Any message, Headers headers);

	/**
	 * Return whether a function is served.
	 * @param type type of the function
	 * @return whether it is
	 */
	boolean serves(FunctionType type);

	/**
	 * Return the value of a state.
	 * @param self address of the function instance
	 * @param name name of the state
	 * @return the value, or {@code null} if it has none
	 */
	@Nullable Any state(Address self, String name);

	/**
	 * Return a delayed message.
	 * @param id id of the message
	 * @return the message, or {@code null} if it is not pending
	 */
	@Nullable Any delayed(long id);

	/**
	 * Return what is recorded of the runtime.
	 * @return the source of the recording
	 */
	RecordingSwitch.Source source();

	/**
	 * Load of a function.
	 *
	 * @param instances number of instances
	 * @param waiting number of messages that wait
	 * @param inFlight number of messages in flight
	 * @param delayed number of messages that are delayed
	 */
	record Load(int instances, long waiting, long inFlight, long delayed) {

	}

}
