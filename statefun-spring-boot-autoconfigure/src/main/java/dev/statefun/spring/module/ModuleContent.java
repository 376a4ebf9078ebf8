package dev.statefun.spring.module;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.statefun.spring.module.ModuleSettings.TransportType;
import org.jspecify.annotations.Nullable;

/**
 * What a module.yaml says, whatever its form. Filled by its reader.
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
	 * The egresses and where they stand.
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
	 * Whether states exist as the file lists them, and not as functions ask for them.
	 * @return whether it is a module of 2.x
	 */
	boolean statesInFile() {
		return this.statesInFile;
	}

	void setStatesInFile() {
		this.statesInFile = true;
	}

	/**
	 * One entry for a function, or for all of a namespace.
	 *
	 * @param place where it stands
	 * @param pattern the function type, or the namespace with an asterisk
	 * @param url where they are served, if it says so
	 * @param states states by name
	 * @param transport how the cluster calls them
	 * @param call how long the cluster waits altogether
	 */
	record Functions(String place, String pattern, @Nullable EndpointUrl url, Map<String, State> states,
			TransportType transport, Duration call) {

		private static final String ALL = "/*";

		boolean isNamespace() {
			return this.pattern.endsWith(ALL);
		}

		String namespace() {
			return this.pattern.substring(0, Math.max(this.pattern.lastIndexOf('/'), 0));
		}

	}

	/**
	 * A state of a function of 2.x.
	 *
	 * @param place where it stands
	 * @param expireAfter when it expires, or {@code null} for never
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
	 * A function that an ingress sends to.
	 *
	 * @param place where it stands
	 * @param function its type
	 * @param values type of the values that it gets
	 */
	record Target(String place, String function, @Nullable ValueType values) {

	}

	/**
	 * The type that an ingress gives to its values.
	 *
	 * @param place where it stands
	 * @param key the key under which it stands
	 * @param name name of the message type
	 */
	record ValueType(String place, String key, String name) {

	}

}
