package dev.statefun.spring.testing;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import org.jspecify.annotations.Nullable;

/**
 * A reply as a cluster reads it (protocol.md §1).
 */
public final class ClusterReply {

	private final boolean v3;

	private final UnknownFieldSet fields;

	private ClusterReply(boolean v3, UnknownFieldSet fields) {
		this.v3 = v3;
		this.fields = fields;
	}

	public static ClusterReply v2(byte[] bytes) {
		return of(false, bytes);
	}

	public static ClusterReply v3(byte[] bytes) {
		return of(true, bytes);
	}

	public static ClusterReply of(boolean v3, byte[] bytes) {
		return new ClusterReply(v3, parse(bytes));
	}

	/**
	 * Return the names of the states that are asked for.
	 * @return names in order
	 */
	public List<String> missingStates() {
		return all(this.fields, 101).stream()
			.flatMap((context) -> all(context, 1).stream())
			.map((spec) -> text(spec, 1))
			.toList();
	}

	/**
	 * Return the new values of int states; deleted ones are {@code null}.
	 * @return values by name
	 */
	public Map<String, @Nullable Integer> intStates() {
		Map<String, @Nullable Integer> states = new TreeMap<>();
		for (UnknownFieldSet mutation : effects(1)) {
			boolean modified = mutation.hasField(1) && mutation.getField(1).getVarintList().get(0) == 1;
			states.put(text(mutation, 2), modified ? intOf(value(all(mutation, 3).get(0))) : null);
		}
		return states;
	}

	/**
	 * Return the new values of states; deleted ones are {@code null}.
	 * @return values by name, each as {@code <typename>:<value as text>}
	 */
	public Map<String, @Nullable String> states() {
		Map<String, @Nullable String> states = new TreeMap<>();
		for (UnknownFieldSet mutation : effects(1)) {
			boolean modified = mutation.hasField(1) && mutation.getField(1).getVarintList().get(0) == 1;
			states.put(text(mutation, 2), modified ? describe(all(mutation, 3).get(0)) : null);
		}
		return states;
	}

	/**
	 * Return the messages to functions.
	 * @return each as {@code <namespace>/<name>/<id>=<typename>:<value as text>}
	 */
	public List<String> messages() {
		return effects(2).stream()
			.map((message) -> address(all(message, 1).get(0)) + "=" + describe(all(message, 2).get(0)))
			.toList();
	}

	/**
	 * Return the records for egresses.
	 * @return each as {@code <namespace>/<name>=<typename>:<value as text>}
	 */
	public List<String> egresses() {
		return effects(4).stream()
			.map((record) -> text(record, 1) + "/" + text(record, 2) + "=" + describe(all(record, 3).get(0)))
			.toList();
	}

	/**
	 * Return the records for one egress.
	 * @param egress its id
	 * @return the bytes of each
	 */
	public List<byte[]> egressValues(String egress) {
		return effects(4).stream()
			.filter((record) -> (text(record, 1) + "/" + text(record, 2)).equals(egress))
			.map((record) -> value(all(record, 3).get(0)))
			.toList();
	}

	private List<UnknownFieldSet> effects(int number) {
		return all(this.fields, 100).stream().flatMap((response) -> all(response, number).stream()).toList();
	}

	private String describe(UnknownFieldSet value) {
		return text(value, 1) + ":" + new String(value(value));
	}

	private byte[] value(UnknownFieldSet value) {
		int number = this.v3 ? 3 : 2;
		return value.hasField(number) ? value.getField(number).getLengthDelimitedList().get(0).toByteArray()
				: new byte[0];
	}

	private static int intOf(byte[] wrapper) {
		UnknownFieldSet fields = parse(wrapper);
		return fields.hasField(1) ? fields.getField(1).getFixed32List().get(0) : 0;
	}

	private static String address(UnknownFieldSet address) {
		return text(address, 1) + "/" + text(address, 2) + "/" + text(address, 3);
	}

	private static String text(UnknownFieldSet message, int number) {
		return message.hasField(number) ? message.getField(number).getLengthDelimitedList().get(0).toStringUtf8() : "";
	}

	private static List<UnknownFieldSet> all(UnknownFieldSet message, int number) {
		return message.getField(number)
			.getLengthDelimitedList()
			.stream()
			.map((bytes) -> parse(bytes.toByteArray()))
			.toList();
	}

	private static UnknownFieldSet parse(byte[] bytes) {
		try {
			return UnknownFieldSet.parseFrom(bytes);
		}
		catch (InvalidProtocolBufferException ex) {
			throw new AssertionError("not a reply", ex);
		}
	}

}
