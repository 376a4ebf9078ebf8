package dev.statefun.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import com.google.protobuf.Any;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.protocol.Dialect;

/**
 * The egresses of a runtime, and the records that it keeps.
 */
final class Egresses {

	private static final String PLAYGROUND = "io.statefun.playground/egress";

	private static final String PLAYGROUND_RECORD = "io.statefun.playground/EgressRecord";

	/** Kinds by egress id; if empty, every egress is known. */
	private final Map<String, EgressKind> kinds;

	private final int limit;

	private final List<EgressMessage> kept = new ArrayList<>();

	Egresses(Map<String, EgressKind> kinds, int limit) {
		this.kinds = Map.copyOf(kinds);
		this.limit = limit;
	}

	void check(FunctionType sender, Reply.Egress egress, Dialect dialect) {
		EgressKind kind = this.kinds.get(egress.id());
		if (kind == null && (!this.kinds.isEmpty() || !isId(egress))) {
			throw new JobFailedException("Function '" + sender + "' sent a record to egress '" + egress.id()
					+ "', which no module declares; there are "
					+ (this.kinds.isEmpty() ? "all with a valid name" : new TreeSet<>(this.kinds.keySet()))
					+ ". Check the name, or declare the egress");
		}
		EgressKind expected = egress.id().equals(PLAYGROUND) ? EgressKind.PLAYGROUND : kind;
		if (expected == null || expected == EgressKind.ANY) {
			return;
		}
		Any record = Argument.decode(dialect, egress.argument());
		if (!matches(expected, record.getTypeUrl(), dialect)) {
			throw new JobFailedException("Function '" + sender + "' sent a record of the type '" + record.getTypeUrl()
					+ "' to egress '" + egress.id() + "'; expected " + describe(expected, dialect));
		}
	}

	void requireRoom(FunctionType sender, List<Reply.Egress> records) {
		if (this.limit > 0 && this.kept.size() + records.size() > this.limit) {
			throw new LimitExceededException("Function '" + sender + "' sent a record to egress '" + records.get(0).id()
					+ "' where " + this.kept.size() + " are kept already. Raise the limit 'keptEgressRecords' (now "
					+ this.limit + "), or set it to 0 to keep none");
		}
	}

	private static boolean isId(Reply.Egress egress) {
		try {
			EgressId.parse(egress.id());
			return true;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private static boolean matches(EgressKind kind, String typename, Dialect dialect) {
		if (kind == EgressKind.PLAYGROUND) {
			return typename.equals(PLAYGROUND_RECORD);
		}
		// 2.x accepts any prefix, 3.x only the exact name (protocol.md §7.4)
		return (dialect == Dialect.V3) ? typename.equals(describe(kind, dialect))
				: typename.endsWith("/" + describe(kind, dialect));
	}

	private static String describe(EgressKind kind, Dialect dialect) {
		if (kind == EgressKind.PLAYGROUND) {
			return PLAYGROUND_RECORD;
		}
		String record = (kind == EgressKind.KAFKA) ? "KafkaProducerRecord" : "KinesisEgressRecord";
		return (dialect == Dialect.V3) ? "type.googleapis.com/io.statefun.sdk.egress." + record
				: "org.apache.flink.statefun.flink.io." + record;
	}

	void add(Reply.Egress egress, Dialect dialect) {
		if (this.limit > 0) {
			this.kept.add(message(egress, dialect));
		}
	}

	static EgressMessage message(Reply.Egress egress, Dialect dialect) {
		return new EgressMessage(egress.id(), Argument.decode(dialect, egress.argument()),
				Headers.ofMessage(egress.argument()));
	}

	List<EgressMessage> kept() {
		return List.copyOf(this.kept);
	}

	int size() {
		return this.kept.size();
	}

	// Records sent after a checkpoint are sent again
	void truncate(int size) {
		this.kept.subList(size, this.kept.size()).clear();
	}

}
