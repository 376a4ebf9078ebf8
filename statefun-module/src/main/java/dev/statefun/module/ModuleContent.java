package dev.statefun.module;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.statefun.module.settings.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Content of a module.yaml of any form. Filled by its reader.
 */
final class ModuleContent {

	private final List<Functions> functions = new ArrayList<>();

	private final Map<String, String> egresses = new LinkedHashMap<>();

	private final Map<String, String> ingresses = new LinkedHashMap<>();

	private final List<Target> targets = new ArrayList<>();

	private boolean statesInFile;

	List<Functions> functions() {
		return this.functions;
	}

	/**
	 * Return the egresses and their places.
	 * @return places by id
	 */
	Map<String, String> egresses() {
		return this.egresses;
	}

	Map<String, String> ingresses() {
		return this.ingresses;
	}

	List<Target> targets() {
		return this.targets;
	}

	/**
	 * Return whether the states are those that the file lists, not those that functions
	 * request.
	 * @return whether it is a module of 2.x
	 */
	boolean statesInFile() {
		return this.statesInFile;
	}

	void setStatesInFile() {
		this.statesInFile = true;
	}

	/**
	 * Entry for a function, or for all functions of a namespace.
	 *
	 * @param place place of the entry
	 * @param pattern the function type, or the namespace with an asterisk
	 * @param url URL of the functions, if there is one
	 * @param states states by name
	 * @param transport transport that the cluster calls them with
	 * @param call maximum time that the cluster waits altogether
	 * @param maxNumBatchRequests maximum number of messages that wait for an instance, as
	 * written, or {@code null} for the default
	 */
	record Functions(String place, String pattern, @Nullable EndpointUrl url, Map<String, State> states,
			Transport.Type transport, Duration call, @Nullable String maxNumBatchRequests) {

		private static final String ALL = "/*";

		boolean isNamespace() {
			return this.pattern.endsWith(ALL);
		}

		String namespace() {
			return this.pattern.substring(0, Math.max(this.pattern.lastIndexOf('/'), 0));
		}

	}

	/**
	 * State of a function of 2.x.
	 *
	 * @param place place of the state
	 * @param expireAfter time to live, or {@code null} for none
	 * @param mode what renews it
	 */
	record State(String place, @Nullable Duration expireAfter, String mode) {

		String describe() {
			return (this.expireAfter != null)
					? "expireAfter: " + YamlDurations.write(this.expireAfter) + ", expireMode: " + this.mode
					: "no expireAfter";
		}

	}

	/**
	 * Function that an ingress sends to.
	 *
	 * @param place place of the target
	 * @param function its type
	 * @param values type of the values that it receives
	 */
	record Target(String place, String function, @Nullable ValueType values) {

	}

	/**
	 * Type that an ingress gives to its values.
	 *
	 * @param place place of the type
	 * @param key key of the type
	 * @param name name of the message type
	 */
	record ValueType(String place, String key, String name) {

	}

}
