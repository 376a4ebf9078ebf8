package dev.statefun.manifest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.message.MessageMappings;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.schema.SchemaDefinitions;
import dev.statefun.sdk.schema.ValueSchema;
import org.jspecify.annotations.Nullable;

/**
 * States and message types of all functions of an application, with the schemas of their
 * values. To be kept with a release and compared with the declarations of later ones.
 * Immutable.
 *
 * @param functions functions by type
 * @param schemas definitions that the schemas of states and messages refer to
 * @since 0.1.0
 */
public record StateManifest(SortedMap<String, Function> functions, SortedMap<String, ValueSchema> schemas) {

	/** Represents all messages that no other handler takes. */
	static final String ANY = "*";

	/**
	 * Create a manifest.
	 * @param functions functions by type
	 * @param schemas definitions that the schemas of states and messages refer to
	 */
	public StateManifest {
		functions = Collections.unmodifiableSortedMap(new TreeMap<>(functions));
		schemas = Collections.unmodifiableSortedMap(new TreeMap<>(schemas));
	}

	/**
	 * Describe functions. Inspects the types of their states and messages, which may take
	 * some time.
	 * @param functions the functions
	 * @return their manifest
	 */
	public static StateManifest of(StatefulFunctions functions) {
		Objects.requireNonNull(functions, "'functions' must not be null");
		SchemaDefinitions definitions = new SchemaDefinitions();
		SortedMap<String, Function> described = describe(functions, (mapping) -> mapping.codec().schema(definitions));
		return new StateManifest(described, definitions.all());
	}

	/**
	 * Return the {@link #fingerprint() fingerprint} of functions, without inspecting
	 * their types.
	 * @param functions the functions
	 * @return 16 hexadecimal digits
	 */
	public static String fingerprint(StatefulFunctions functions) {
		Objects.requireNonNull(functions, "'functions' must not be null");
		return new StateManifest(describe(functions, (mapping) -> null), Collections.emptySortedMap()).fingerprint();
	}

	private static SortedMap<String, Function> describe(StatefulFunctions functions, SchemaFinder schemas) {
		SortedMap<String, Function> described = new TreeMap<>();
		functions.functions()
			.forEach((function) -> described.put(function.type().toString(),
					describe(function, functions.mappings(), schemas)));
		return described;
	}

	private static Function describe(FunctionDescriptor function, MessageMappings mappings, SchemaFinder schemas) {
		SortedMap<String, Message> messages = new TreeMap<>();
		function.handlers()
			.forEach((handler) -> messages.put(handler.typename(), new Message(
					handler.typename().equals(ANY) ? null : schemas.find(mappings.of(handler.messageType())))));
		SortedMap<String, State> states = new TreeMap<>();
		function.states()
			.forEach((state) -> states.put(state.name(), new State(state.typename(), state.expiration(),
					schemas.find(mappings.of(state.valueType(), state.typename())))));
		return new Function(messages, states);
	}

	/**
	 * Read a manifest. Needs Jackson.
	 * @param json the manifest, as {@link #toJson()} writes it
	 * @return the manifest
	 * @throws IllegalArgumentException if it is not a manifest, or of a later version
	 */
	public static StateManifest parse(String json) {
		Objects.requireNonNull(json, "'json' must not be null");
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
	 * Return a short identifier of the functions' states: equal for the same states with
	 * the same types and times to live, and different otherwise. The inside of types does
	 * not count, as it may change.
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
	 * Compare with the declarations of an earlier release.
	 * @param earlier the earlier manifest
	 * @return the changes, in the order of the functions' names
	 */
	public List<StateChange> changesSince(StateManifest earlier) {
		Objects.requireNonNull(earlier, "'earlier' must not be null");
		return StateChanges.between(earlier, this);
	}

	/**
	 * Messages and states of one function.
	 *
	 * @param messages messages that it takes by type, where {@code *} is any
	 * @param states its states by name
	 */
	public record Function(SortedMap<String, Message> messages, SortedMap<String, State> states) {

		/**
		 * Create a description.
		 * @param messages messages that it takes by type
		 * @param states its states by name
		 */
		public Function {
			messages = Collections.unmodifiableSortedMap(new TreeMap<>(messages));
			states = Collections.unmodifiableSortedMap(new TreeMap<>(states));
		}

	}

	/**
	 * One message.
	 *
	 * @param schema schema of its values, or {@code null} if it was not recorded
	 */
	public record Message(@Nullable ValueSchema schema) {

	}

	/**
	 * One state.
	 *
	 * @param type type of its value on the wire
	 * @param expiration when it expires
	 * @param schema schema of its values, or {@code null} if it was not recorded
	 */
	public record State(String type, Expiration expiration, @Nullable ValueSchema schema) {

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

	@FunctionalInterface
	private interface SchemaFinder {

		@Nullable ValueSchema find(MessageMapping<?> mapping);

	}

}
