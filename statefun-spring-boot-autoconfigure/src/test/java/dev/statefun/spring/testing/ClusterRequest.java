package dev.statefun.spring.testing;

import java.nio.charset.StandardCharsets;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;

/**
 * A request as a cluster sends it (protocol.md §1), with messages and states of the type
 * {@code io.statefun.types/int}.
 */
public final class ClusterRequest {

	private static final String INT = "io.statefun.types/int";

	private final boolean v3;

	private final UnknownFieldSet.Builder batch = UnknownFieldSet.newBuilder();

	private ClusterRequest(boolean v3, String typename, String id) {
		this.v3 = v3;
		this.batch.mergeField(1, bytes(address(typename, id)));
	}

	public static ClusterRequest v2(String typename, String id) {
		return new ClusterRequest(false, typename, id);
	}

	public static ClusterRequest v3(String typename, String id) {
		return new ClusterRequest(true, typename, id);
	}

	public static ClusterRequest of(boolean v3, String typename, String id) {
		return new ClusterRequest(v3, typename, id);
	}

	public ClusterRequest absentState(String name) {
		this.batch.mergeField(2, bytes(UnknownFieldSet.newBuilder().addField(1, text(name)).build()));
		return this;
	}

	public ClusterRequest intState(String name, int value) {
		return state(name, INT, intBytes(value));
	}

	public ClusterRequest state(String name, String typename, ByteString value) {
		UnknownFieldSet state = UnknownFieldSet.newBuilder()
			.addField(1, text(name))
			.addField(2, bytes(value(typename, value)))
			.build();
		this.batch.mergeField(2, bytes(state));
		return this;
	}

	public ClusterRequest message(int value) {
		return message(INT, intBytes(value));
	}

	public ClusterRequest message(String typename, ByteString value) {
		this.batch.mergeField(3,
				bytes(UnknownFieldSet.newBuilder().addField(2, bytes(value(typename, value))).build()));
		return this;
	}

	public ClusterRequest messageFrom(String typename, String id, int value) {
		return messageFrom(typename, id, INT, intBytes(value));
	}

	public ClusterRequest messageFrom(String typename, String id, String messageType, ByteString value) {
		UnknownFieldSet invocation = UnknownFieldSet.newBuilder()
			.addField(1, bytes(address(typename, id)))
			.addField(2, bytes(value(messageType, value)))
			.build();
		this.batch.mergeField(3, bytes(invocation));
		return this;
	}

	public byte[] toByteArray() {
		return UnknownFieldSet.newBuilder().addField(100, bytes(this.batch.build())).build().toByteArray();
	}

	private UnknownFieldSet value(String typename, ByteString value) {
		UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder().addField(1, text(typename));
		if (this.v3) {
			fields.addField(2, Field.newBuilder().addVarint(1).build());
			fields.addField(3, Field.newBuilder().addLengthDelimited(value).build());
		}
		else {
			fields.addField(2, Field.newBuilder().addLengthDelimited(value).build());
		}
		return fields.build();
	}

	private static UnknownFieldSet address(String typename, String id) {
		int slash = typename.lastIndexOf('/');
		return UnknownFieldSet.newBuilder()
			.addField(1, text(typename.substring(0, slash)))
			.addField(2, text(typename.substring(slash + 1)))
			.addField(3, text(id))
			.build();
	}

	private static ByteString intBytes(int value) {
		return UnknownFieldSet.newBuilder()
			.addField(1, Field.newBuilder().addFixed32(value).build())
			.build()
			.toByteString();
	}

	private static Field bytes(UnknownFieldSet message) {
		return Field.newBuilder().addLengthDelimited(message.toByteString()).build();
	}

	private static Field text(String text) {
		return Field.newBuilder().addLengthDelimited(ByteString.copyFrom(text, StandardCharsets.UTF_8)).build();
	}

}
