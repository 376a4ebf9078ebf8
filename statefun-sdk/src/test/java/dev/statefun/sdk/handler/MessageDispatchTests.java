package dev.statefun.sdk.handler;

import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.Any;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.failure.MessageDecodingException;
import dev.statefun.sdk.failure.UnhandledMessageException;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.User;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for finding the function and the handler of a message and for decoding it.
 */
class MessageDispatchTests {

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void errorForAnUnhandledMessageListsTheHandledTypes(Dialect dialect) {
		assertThat(Cluster.of(dialect, new Greeter()).mistake(Values.count(1)))
			.isInstanceOf(UnhandledMessageException.class)
			.hasMessageContaining("'example/function'")
			.hasMessageContaining("'type.googleapis.com/example.Count'")
			.hasMessageContaining("[type.googleapis.com/example.User]");
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void untypedFunctionReceivesEveryMessage(Dialect dialect) {
		List<Any> seen = new ArrayList<>();
		Cluster.of(dialect, (context, message) -> seen.add(message)).call(Values.text("x"));
		assertThat(seen).containsExactly(Values.text("x"));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void messageThatIsNoValueOfItsTypeFails(Dialect dialect) {
		Any malformed = Values.user("x").toBuilder().setValue(Values.user("x").getValue().substring(1)).build();
		assertThat(Cluster.of(dialect, new Greeter()).mistake(malformed)).isInstanceOf(MessageDecodingException.class)
			.hasMessageContaining("'example/function'")
			.hasMessageContaining(User.class.getName());
	}

	@Test
	void messageWithoutAValueFailsItsBatch() {
		// As in the official Java SDK; senders never write one. The other message is
		// evidence of 3.x, as this one alone could be an empty message of 2.x
		List<Any> seen = new ArrayList<>();
		Cluster cluster = Cluster.of(Dialect.V3, (context, message) -> seen.add(message));
		var request = Cluster.request(Values.user("a")).message(Values.user("b")).toV3().toBuilder();
		request.getInvocationBuilder().getInvocationsBuilder(1).getArgumentBuilder().clearHasValue().clearValue();
		assertThat(Cluster.failureOf(cluster.handler().handle(request.build().toByteArray())))
			.isInstanceOf(InvocationFailedException.class)
			.hasMessageContaining("message 2 of 2")
			.hasCauseInstanceOf(MessageDecodingException.class);
		assertThat(seen).containsExactly(Values.user("a"));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void messageWithoutBytesIsADefaultInstance(Dialect dialect) {
		List<Object> seen = new ArrayList<>();
		Cluster.of(dialect, new Collector(seen)).call(Values.of(User.getDefaultInstance()));
		assertThat(seen).containsExactly(User.getDefaultInstance());
	}

	@Test
	void requestForAnUnknownFunctionIsRefused() {
		assertThat(Cluster.of(Dialect.V3, new Greeter())
			.failure(ClusterRequest.to("example/other", "1").message(Values.user("a"))))
			.isInstanceOf(RequestRefusedException.class)
			.hasMessageContaining("'example/other'")
			.hasMessageContaining("module.yaml");
	}

	@Test
	void namespaceAndNameMustBothMatch() {
		StatefulFunctions functions = StatefulFunctions.builder().register("a/b/c", new Greeter()).build();
		var request = ClusterRequest.to("x/x", "1").message(Values.user("a")).toV2().toBuilder();
		request.getInvocationBuilder().getTargetBuilder().setNamespace("a").setType("b/c");
		assertThat(Cluster.failureOf(new RequestReplyHandler(functions).handle(request.build().toByteArray())))
			.isInstanceOf(RequestRefusedException.class);
		assertThat(new Cluster(Dialect.V2, functions).call(ClusterRequest.to("a/b/c", "1").message(Values.user("a"))))
			.isEqualTo(ClusterReply.NOTHING);
	}

	static class Greeter {

		@Handler
		void greet(User user) {
		}

	}

	/**
	 * Keeps the users that it receives.
	 *
	 * @param seen the users
	 */
	record Collector(List<Object> seen) {

		@Handler
		void on(User user) {
			this.seen.add(user);
		}

	}

}
