package dev.statefun.local;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.CodedInputStream;
import dev.statefun.local.Reply.Delayed;
import dev.statefun.local.Reply.Egress;
import dev.statefun.local.Reply.Mutation;
import dev.statefun.local.Reply.Sent;
import dev.statefun.local.Reply.StateSpec;
import dev.statefun.local.Reply.Target;
import dev.statefun.sdk.protocol.Dialect;

/**
 * Reads a reply as a cluster does: unknown fields are skipped, and absent fields have
 * their defaults (protocol.md §1).
 */
final class ReplyReader {

	private static final byte[] EMPTY = {};

	private static final int RESULT = 100 << 3 | 2;

	private static final int MISSING = 101 << 3 | 2;

	private static final int FIELD_1_BYTES = 0x0a;

	private static final int FIELD_1_VARINT = 0x08;

	private static final int FIELD_2_BYTES = 0x12;

	private static final int FIELD_2_VARINT = 0x10;

	private static final int FIELD_3_BYTES = 0x1a;

	private static final int FIELD_4_BYTES = 0x22;

	private static final int CANCELLATION = 10 << 3;

	private static final int TOKEN = 11 << 3 | 2;

	private final CodedInputStream in;

	private final Dialect dialect;

	private ReplyReader(Dialect dialect, byte[] bytes) {
		this.dialect = dialect;
		this.in = CodedInputStream.newInstance(bytes);
	}

	static Reply read(Dialect dialect, byte[] bytes) throws IOException {
		return new ReplyReader(dialect, bytes).read();
	}

	private Reply read() throws IOException {
		Reply reply = Reply.empty();
		for (int tag = this.in.readTag(); tag != 0; tag = this.in.readTag()) {
			switch (tag) {
				case RESULT -> {
					// The last kind of answer wins
					if (reply.missing() != null) {
						reply = Reply.empty();
					}
					result(reply);
				}
				case MISSING -> {
					List<StateSpec> missing = (reply.missing() != null) ? reply.missing() : new ArrayList<>();
					missing(missing);
					reply = Reply.missing(missing);
				}
				default -> this.in.skipField(tag);
			}
		}
		return reply;
	}

	private void result(Reply reply) throws IOException {
		int outer = enter();
		for (int tag = this.in.readTag(); tag != 0; tag = this.in.readTag()) {
			switch (tag) {
				case FIELD_1_BYTES -> reply.add(mutation());
				case FIELD_2_BYTES -> reply.add(message());
				case FIELD_3_BYTES -> reply.add(delayed());
				case FIELD_4_BYTES -> reply.add(egress());
				default -> this.in.skipField(tag);
			}
		}
		this.in.popLimit(outer);
	}

	private Mutation mutation() throws IOException {
		int outer = enter();
		int kind = Mutation.DELETE;
		String name = "";
		String typename = "";
		byte[] value = EMPTY;
		for (int tag = this.in.readTag(); tag != 0; tag = this.in.readTag()) {
			switch (tag) {
				case FIELD_1_VARINT -> kind = this.in.readEnum();
				case FIELD_2_BYTES -> name = this.in.readStringRequireUtf8();
				case FIELD_3_BYTES -> {
					if (this.dialect == Dialect.V2) {
						value = this.in.readByteArray();
					}
					else {
						int typedValue = enter();
						for (int part = this.in.readTag(); part != 0; part = this.in.readTag()) {
							switch (part) {
								case FIELD_1_BYTES -> typename = this.in.readStringRequireUtf8();
								case FIELD_3_BYTES -> value = this.in.readByteArray();
								default -> this.in.skipField(part);
							}
						}
						this.in.popLimit(typedValue);
					}
				}
				default -> this.in.skipField(tag);
			}
		}
		this.in.popLimit(outer);
		return new Mutation(kind, name, typename, value);
	}

	private Sent message() throws IOException {
		int outer = enter();
		Target target = Target.UNSET;
		byte[] argument = EMPTY;
		for (int tag = this.in.readTag(); tag != 0; tag = this.in.readTag()) {
			switch (tag) {
				case FIELD_1_BYTES -> target = target();
				case FIELD_2_BYTES -> argument = argument();
				default -> this.in.skipField(tag);
			}
		}
		this.in.popLimit(outer);
		return new Sent(target, argument);
	}

	private Delayed delayed() throws IOException {
		int outer = enter();
		long delay = 0;
		Target target = Target.UNSET;
		byte[] argument = EMPTY;
		boolean cancellation = false;
		String token = "";
		for (int tag = this.in.readTag(); tag != 0; tag = this.in.readTag()) {
			switch (tag) {
				case FIELD_1_VARINT -> delay = this.in.readInt64();
				case FIELD_2_BYTES -> target = target();
				case FIELD_3_BYTES -> argument = argument();
				// 2.x does not know these two (protocol.md §5)
				case CANCELLATION -> cancellation = this.in.readBool() && this.dialect == Dialect.V3;
				case TOKEN -> {
					String text = this.in.readStringRequireUtf8();
					token = (this.dialect == Dialect.V3) ? text : "";
				}
				default -> this.in.skipField(tag);
			}
		}
		this.in.popLimit(outer);
		return new Delayed(delay, target, argument, cancellation, token);
	}

	private Egress egress() throws IOException {
		int outer = enter();
		String namespace = "";
		String name = "";
		byte[] argument = EMPTY;
		for (int tag = this.in.readTag(); tag != 0; tag = this.in.readTag()) {
			switch (tag) {
				case FIELD_1_BYTES -> namespace = this.in.readStringRequireUtf8();
				case FIELD_2_BYTES -> name = this.in.readStringRequireUtf8();
				case FIELD_3_BYTES -> argument = argument();
				default -> this.in.skipField(tag);
			}
		}
		this.in.popLimit(outer);
		return new Egress(namespace, name, argument);
	}

	private Target target() throws IOException {
		int outer = enter();
		String namespace = "";
		String name = "";
		String id = "";
		for (int tag = this.in.readTag(); tag != 0; tag = this.in.readTag()) {
			switch (tag) {
				case FIELD_1_BYTES -> namespace = this.in.readStringRequireUtf8();
				case FIELD_2_BYTES -> name = this.in.readStringRequireUtf8();
				case FIELD_3_BYTES -> id = this.in.readStringRequireUtf8();
				default -> this.in.skipField(tag);
			}
		}
		this.in.popLimit(outer);
		return new Target(namespace, name, id);
	}

	// An argument is kept as it is, but must be well-formed
	private byte[] argument() throws IOException {
		byte[] argument = this.in.readByteArray();
		CodedInputStream content = CodedInputStream.newInstance(argument);
		for (int tag = content.readTag(); tag != 0; tag = content.readTag()) {
			if (tag == FIELD_1_BYTES) {
				content.readStringRequireUtf8();
			}
			else {
				content.skipField(tag);
			}
		}
		return argument;
	}

	private void missing(List<StateSpec> missing) throws IOException {
		int outer = enter();
		for (int tag = this.in.readTag(); tag != 0; tag = this.in.readTag()) {
			if (tag == FIELD_1_BYTES) {
				missing.add(stateSpec());
			}
			else {
				this.in.skipField(tag);
			}
		}
		this.in.popLimit(outer);
	}

	private StateSpec stateSpec() throws IOException {
		int outer = enter();
		String name = "";
		String typename = "";
		int mode = 0;
		long millis = 0;
		for (int tag = this.in.readTag(); tag != 0; tag = this.in.readTag()) {
			switch (tag) {
				case FIELD_1_BYTES -> name = this.in.readStringRequireUtf8();
				case FIELD_2_BYTES -> {
					int expiration = enter();
					for (int part = this.in.readTag(); part != 0; part = this.in.readTag()) {
						switch (part) {
							case FIELD_1_VARINT -> mode = this.in.readEnum();
							case FIELD_2_VARINT -> millis = this.in.readInt64();
							default -> this.in.skipField(part);
						}
					}
					this.in.popLimit(expiration);
				}
				case FIELD_3_BYTES -> typename = this.in.readStringRequireUtf8();
				default -> this.in.skipField(tag);
			}
		}
		this.in.popLimit(outer);
		return new StateSpec(name, typename, mode, millis);
	}

	private int enter() throws IOException {
		return this.in.pushLimit(this.in.readRawVarint32());
	}

}
