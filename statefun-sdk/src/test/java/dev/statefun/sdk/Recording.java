package dev.statefun.sdk;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.DoubleValue;
import com.google.protobuf.FloatValue;
import com.google.protobuf.Int32Value;
import com.google.protobuf.Int64Value;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.User;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A request and the reply of an official SDK, from the files under
 * {@code src/test/resources/fixtures}.
 */
final class Recording {

	private final Dialect dialect;

	private final byte[] request;

	private final byte[] reply;

	private Recording(Dialect dialect, byte[] request, byte[] reply) {
		this.dialect = dialect;
		this.request = request;
		this.reply = reply;
	}

	static Recording of(Dialect dialect, String sdk, String name) {
		return new Recording(dialect, read(sdk + "/" + name + ".request.hex"), read(sdk + "/" + name + ".reply.hex"));
	}

	private static byte[] read(String name) {
		try (InputStream stream = Recording.class.getResourceAsStream("/fixtures/" + name)) {
			if (stream == null) {
				throw new AssertionError("no fixture '" + name + "'");
			}
			String hex = new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
			return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String reply() {
		return HexFormat.of().formatHex(this.reply);
	}

	ClusterReply decoded() {
		return ClusterReply.of(this.dialect == Dialect.V3, this.reply);
	}

	// The reply of this SDK to the same request
	String replyOf(StatefulFunctions functions) {
		Cluster cluster = new Cluster(this.dialect, functions);
		return HexFormat.of().formatHex(Cluster.replyOf(cluster.handler().handle(this.request)));
	}

	// By name, in the order of the reply
	Map<String, Any> states() {
		Map<String, Any> states = new LinkedHashMap<>();
		decoded().stateChanges().forEach((change) -> {
			if (change.value() != null) {
				states.put(change.name(), change.value());
			}
		});
		return states;
	}

	Any state(String name) {
		return Optional.ofNullable(states().get(name)).orElseThrow();
	}

	// By the id of the receiver, which is the name of the value
	Map<String, Any> messages() {
		Map<String, Any> messages = new LinkedHashMap<>();
		decoded().sent().forEach((sent) -> messages.put(sent.target().replace("example/target/", ""), sent.message()));
		return messages;
	}

	Any message(String name) {
		return Optional.ofNullable(messages().get(name)).orElseThrow();
	}

	// A state is sent to a cluster as the stored bytes: on 2.x they are not decoded
	ClusterRequest addTo(ClusterRequest batch, String name) {
		Any state = state(name);
		return (this.dialect == Dialect.V2) ? batch.anyState(name, state) : batch.state(name, state);
	}

	static StatefulFunctions.Builder functions() {
		return StatefulFunctions.builder().codec(new CartJson());
	}

	/**
	 * A recorded value.
	 *
	 * @param <T> its type
	 * @param name name of the state, and id of the receiver of the message
	 * @param type the Java type to read
	 * @param value the expected value
	 * @param typename its foreign type name, or {@code null} if it has that of its
	 * mapping
	 */
	record Sample<T>(String name, Class<T> type, T value, @Nullable String typename) {

		static <T> Sample<T> of(String name, Class<T> type, T value) {
			return new Sample<>(name, type, value, null);
		}

		Sample<T> as(String typename) {
			return new Sample<>(this.name, this.type, this.value, typename);
		}

		ValueSpec<T> spec() {
			ValueSpec<T> spec = ValueSpec.of(this.name, this.type);
			return (this.typename != null) ? spec.typename(this.typename) : spec;
		}

		T read(Context context) {
			return context.state(this.name, this.type).get().orElseThrow();
		}

		void rewrite(Context context) {
			context.state(this.name, this.type).set(read(context));
		}

		void store(Context context) {
			context.state(this.name, this.type).set(this.value);
		}

		// A registry where the type has the sample's name everywhere
		StatefulFunctions.Builder renamed() {
			StatefulFunctions.Builder functions = functions();
			if (this.typename != null && this.type != Any.class) {
				functions.protobuf(this.type.asSubclass(Message.class), this.typename);
			}
			return functions;
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

	/**
	 * Keeps its messages, and sends each back as the decoded value.
	 *
	 * @param seen the messages
	 */
	record Echo(List<Object> seen) {

		@Handler
		Boolean on(Boolean message) {
			return keep(message);
		}

		@Handler
		Integer on(Integer message) {
			return keep(message);
		}

		@Handler
		Long on(Long message) {
			return keep(message);
		}

		@Handler
		Float on(Float message) {
			return keep(message);
		}

		@Handler
		Double on(Double message) {
			return keep(message);
		}

		@Handler
		String on(String message) {
			return keep(message);
		}

		@Handler
		BoolValue on(BoolValue message) {
			return keep(message);
		}

		@Handler
		Int32Value on(Int32Value message) {
			return keep(message);
		}

		@Handler
		Int64Value on(Int64Value message) {
			return keep(message);
		}

		@Handler
		FloatValue on(FloatValue message) {
			return keep(message);
		}

		@Handler
		DoubleValue on(DoubleValue message) {
			return keep(message);
		}

		@Handler
		StringValue on(StringValue message) {
			return keep(message);
		}

		@Handler
		User on(User message) {
			return keep(message);
		}

		@Handler
		Count on(Count message) {
			return keep(message);
		}

		@Handler
		Cart on(Cart message) {
			return keep(message);
		}

		@Handler
		Any on(Any message) {
			return keep(message);
		}

		private <T> T keep(T message) {
			this.seen.add(message);
			return message;
		}

	}

	/**
	 * A value that is sent as JSON.
	 *
	 * @param sku article
	 * @param quantity quantity
	 * @param note note
	 */
	record Cart(String sku, int quantity, String note) {

	}

	/**
	 * Minimal JSON for carts.
	 */
	private static final class CartJson implements MessageCodec<Cart> {

		private static final Pattern CART = Pattern
			.compile("\\{\"sku\":\"([^\"]*)\",\"quantity\":(\\d+),\"note\":\"([^\"]*)\"}");

		@Override
		public Class<Cart> type() {
			return Cart.class;
		}

		@Override
		public String typename() {
			return "shop/Cart";
		}

		@Override
		public boolean immutable() {
			return true;
		}

		@Override
		public Cart decode(byte[] buffer, int offset, int length) {
			Matcher matcher = CART.matcher(new String(buffer, offset, length, StandardCharsets.UTF_8));
			assertThat(matcher.matches()).isTrue();
			return new Cart(matcher.group(1), Integer.parseInt(matcher.group(2)), matcher.group(3));
		}

		@Override
		public byte[] encode(Cart cart) {
			return ("{\"sku\":\"" + cart.sku() + "\",\"quantity\":" + cart.quantity() + ",\"note\":\"" + cart.note()
					+ "\"}")
				.getBytes(StandardCharsets.UTF_8);
		}

	}

}
