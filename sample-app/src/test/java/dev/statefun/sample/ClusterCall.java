package dev.statefun.sample;

import java.util.List;
import java.util.Optional;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;

import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One call of a 2.x cluster, in the bytes of the protocol, and what it would apply. In
 * that dialect messages and states are {@code google.protobuf.Any}.
 */
final class ClusterCall {

	private final UnknownFieldSet.Builder batch = UnknownFieldSet.newBuilder();

	private ClusterCall(String typename, String id) {
		this.batch.mergeField(1, bytes(address(typename, id).toByteString()));
	}

	static ClusterCall to(String typename, String id) {
		return new ClusterCall(typename, id);
	}

	ClusterCall absentState(String name) {
		this.batch.mergeField(2, bytes(UnknownFieldSet.newBuilder().addField(1, text(name)).build().toByteString()));
		return this;
	}

	ClusterCall state(String name, Message value) {
		UnknownFieldSet state = UnknownFieldSet.newBuilder()
			.addField(1, text(name))
			.addField(2, bytes(Any.pack(value).toByteString()))
			.build();
		this.batch.mergeField(2, bytes(state.toByteString()));
		return this;
	}

	ClusterCall message(Message message) {
		UnknownFieldSet invocation = UnknownFieldSet.newBuilder()
			.addField(2, bytes(Any.pack(message).toByteString()))
			.build();
		this.batch.mergeField(3, bytes(invocation.toByteString()));
		return this;
	}

	ClusterCall messageFrom(String typename, String id, Message message) {
		UnknownFieldSet invocation = UnknownFieldSet.newBuilder()
			.addField(1, bytes(address(typename, id).toByteString()))
			.addField(2, bytes(Any.pack(message).toByteString()))
			.build();
		this.batch.mergeField(3, bytes(invocation.toByteString()));
		return this;
	}

	MvcTestResult send(MockMvcTester mvc) {
		byte[] body = UnknownFieldSet.newBuilder()
			.addField(100, bytes(this.batch.build().toByteString()))
			.build()
			.toByteArray();
		return mvc.post().uri("/statefun").contentType(MediaType.APPLICATION_OCTET_STREAM).content(body).exchange();
	}

	Effects apply(MockMvcTester mvc) {
		MvcTestResult result = send(mvc);
		assertThat(result).hasStatusOk().hasContentType(MediaType.APPLICATION_OCTET_STREAM);
		return new Effects(parse(parse(result.getResponse().getContentAsByteArray()), 100).get(0));
	}

	private static UnknownFieldSet address(String typename, String id) {
		int slash = typename.lastIndexOf('/');
		return UnknownFieldSet.newBuilder()
			.addField(1, text(typename.substring(0, slash)))
			.addField(2, text(typename.substring(slash + 1)))
			.addField(3, text(id))
			.build();
	}

	private static Field bytes(ByteString content) {
		return Field.newBuilder().addLengthDelimited(content).build();
	}

	private static Field text(String content) {
		return bytes(ByteString.copyFromUtf8(content));
	}

	private static UnknownFieldSet parse(byte[] bytes) {
		try {
			return UnknownFieldSet.parseFrom(bytes);
		}
		catch (InvalidProtocolBufferException ex) {
			throw new AssertionError("not a reply", ex);
		}
	}

	private static List<UnknownFieldSet> parse(UnknownFieldSet message, int number) {
		return message.getField(number)
			.getLengthDelimitedList()
			.stream()
			.map((bytes) -> parse(bytes.toByteArray()))
			.toList();
	}

	private static String text(UnknownFieldSet message, int number) {
		return message.hasField(number) ? message.getField(number).getLengthDelimitedList().get(0).toStringUtf8() : "";
	}

	/**
	 * What the cluster applies.
	 *
	 * @param response the invocation response
	 */
	record Effects(UnknownFieldSet response) {

		// Each as <topic>/<key>: <text>
		List<String> greetings() {
			return parse(this.response, 4).stream().map((record) -> {
				assertThat(text(record, 1) + "/" + text(record, 2)).isEqualTo("example/greets");
				Any any = any(record, 3);
				assertThat(any.getTypeUrl())
					.isEqualTo("type.googleapis.com/org.apache.flink.statefun.flink.io.KafkaProducerRecord");
				UnknownFieldSet kafka = parse(any.getValue().toByteArray());
				return text(kafka, 3) + "/" + text(kafka, 1) + ": " + text(kafka, 2);
			}).toList();
		}

		<T extends Message> List<Sent<T>> messages(Class<T> type) {
			return parse(this.response, 2).stream()
				.map((message) -> new Sent<>(0, address(message, 1), unpack(any(message, 2), type)))
				.toList();
		}

		<T extends Message> List<Sent<T>> delayed(Class<T> type) {
			return parse(this.response, 3).stream()
				.map((message) -> new Sent<>(message.getField(1).getVarintList().get(0), address(message, 2),
						unpack(any(message, 3), type)))
				.toList();
		}

		<T extends Message> Optional<T> state(String name, Class<T> type) {
			return mutation(name).filter((mutation) -> mutation.hasField(1))
				.map((mutation) -> unpack(any(mutation, 3), type));
		}

		boolean deletes(String name) {
			return mutation(name).filter((mutation) -> !mutation.hasField(1)).isPresent();
		}

		private Optional<UnknownFieldSet> mutation(String name) {
			return parse(this.response, 1).stream().filter((mutation) -> text(mutation, 2).equals(name)).findFirst();
		}

		private static String address(UnknownFieldSet message, int number) {
			UnknownFieldSet address = parse(message, number).get(0);
			return text(address, 1) + "/" + text(address, 2) + "/" + text(address, 3);
		}

		private static Any any(UnknownFieldSet message, int number) {
			try {
				return Any.parseFrom(message.getField(number).getLengthDelimitedList().get(0));
			}
			catch (InvalidProtocolBufferException ex) {
				throw new AssertionError("no Any", ex);
			}
		}

		private static <T extends Message> T unpack(Any any, Class<T> type) {
			try {
				return any.unpack(type);
			}
			catch (InvalidProtocolBufferException ex) {
				throw new AssertionError("no " + type.getName(), ex);
			}
		}

	}

	/**
	 * A message on its way.
	 *
	 * @param <T> type of the message
	 * @param delayMillis how long it waits
	 * @param target where it goes
	 * @param message the message
	 */
	record Sent<T>(long delayMillis, String target, T message) {

	}

}
