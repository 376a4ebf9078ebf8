package dev.statefun.spring.manifest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionDescriptor;
import dev.statefun.sdk.StatefulFunctions;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The states and message types of all functions of an application, to be kept with a
 * release and compared with what later ones declare. Immutable.
 *
 * @param functions functions by type
 * @since 0.1.0
 */
public record StateManifest(SortedMap<String, Function> functions) {

	/**
	 * Create a manifest.
	 * @param functions functions by type
	 */
	public StateManifest {
		functions = Collections.unmodifiableSortedMap(new TreeMap<>(functions));
	}

	/**
	 * Describe functions.
	 * @param functions the functions
	 * @return their manifest
	 */
	public static StateManifest of(StatefulFunctions functions) {
		Assert.notNull(functions, "'functions' must not be null");
		SortedMap<String, Function> described = new TreeMap<>();
		functions.functions().forEach((function) -> described.put(function.type().toString(), describe(function)));
		return new StateManifest(described);
	}

	private static Function describe(FunctionDescriptor function) {
		SortedMap<String, State> states = new TreeMap<>();
		function.states().forEach((state) -> states.put(state.name(), new State(state.typename(), state.expiration())));
		return new Function(function.handlers()
			.stream()
			.map(FunctionDescriptor.HandlerDescriptor::typename)
			.distinct()
			.sorted()
			.toList(), states);
	}

	/**
	 * Read a manifest. Needs Jackson.
	 * @param json what {@link #toJson()} has written
	 * @return the manifest
	 * @throws IllegalArgumentException if it is no manifest, or of a later version
	 */
	public static StateManifest parse(String json) {
		Assert.notNull(json, "'json' must not be null");
		return ManifestJson.read(json);
	}

	/**
	 * Write the manifest as JSON: the same text for the same functions, in the order of
	 * their names. Needs Jackson.
	 * @return the text, with a line break at its end
	 */
	public String toJson() {
		return ManifestJson.write(this);
	}

	/**
	 * Return a short name for what the functions keep: the same for the same states with
	 * the same types and times to live, and another one otherwise.
	 * @return 16 hexadecimal digits
	 */
	public String fingerprint() {
		StringBuilder text = new StringBuilder();
		this.functions.forEach((type, function) -> function.states()
			.forEach((name, state) -> text.append(type)
				.append('\n')
				.append(name)
				.append('\n')
				.append(state.type())
				.append('\n')
				.append(state.describeExpiration())
				.append('\n')));
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256")
				.digest(text.toString().getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(digest, 0, 8);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	/**
	 * Compare with what an earlier release has declared.
	 * @param earlier the earlier manifest
	 * @return what has changed, in the order of the functions' names
	 */
	public List<StateChange> changesSince(StateManifest earlier) {
		Assert.notNull(earlier, "'earlier' must not be null");
		return StateChanges.between(earlier, this);
	}

	/**
	 * What one function takes and keeps.
	 *
	 * @param messages types of the messages that it takes, where {@code *} is any
	 * @param states its states by name
	 */
	public record Function(List<String> messages, SortedMap<String, State> states) {

		/**
		 * Create a description.
		 * @param messages types of the messages that it takes
		 * @param states its states by name
		 */
		public Function {
			messages = List.copyOf(messages);
			states = Collections.unmodifiableSortedMap(new TreeMap<>(states));
		}

	}

	/**
	 * One state.
	 *
	 * @param type type of its value on the wire
	 * @param expiration when it expires
	 */
	public record State(String type, Expiration expiration) {

		@Nullable Duration timeToLive(Expiration.Mode mode) {
			return (this.expiration.mode() == mode) ? this.expiration.timeToLive() : null;
		}

		String describeExpiration() {
			return switch (this.expiration.mode()) {
				case NEVER -> "never";
				case AFTER_WRITE -> this.expiration.timeToLive() + " after a write";
				case AFTER_CALL -> this.expiration.timeToLive() + " after a call";
			};
		}

	}

}
