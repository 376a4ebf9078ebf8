package dev.statefun.sdk.handler;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterReply.Sent;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the callers of messages and for replies to them.
 */
class CallersTests {

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void messageFromAnIngressHasNoCaller(Dialect dialect) {
		assertThat(callerOf(dialect, Cluster.request(Values.user("a")))).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void messageFromAFunctionHasItsAddressAsCaller(Dialect dialect) {
		assertThat(callerOf(dialect, Cluster.request().messageFrom("a/b/c", "ид", Values.user("a"))))
			.contains(Address.of(FunctionType.of("a/b", "c"), "ид"));
	}

	@Test
	void callerOfThreeEmptyPartsIsNone() {
		// For the Python SDK of 2.x it is an address of three empty texts (protocol.md
		// §13.36)
		var request = Cluster.request(Values.user("a")).toV2().toBuilder();
		request.getInvocationBuilder().getInvocationsBuilder(0).getCallerBuilder();
		AtomicReference<Optional<Address>> caller = new AtomicReference<>();
		Cluster cluster = Cluster.of(Dialect.V2, (context, message) -> caller.set(context.caller()));
		Cluster.replyOf(cluster.handler().handle(request.build().toByteArray()));
		assertThat(caller.get()).isEmpty();
	}

	@Test
	void callerWithoutAValidTypeHasNoAddressButReceivesReplies() {
		// The Java SDK of 3.x refuses the request. Functions inside the cluster may have
		// types of any form, and their messages would be sent again forever
		var request = Cluster.request(Values.user("a")).toV2().toBuilder();
		request.getInvocationBuilder().getInvocationsBuilder(0).getCallerBuilder().setId("1");
		byte[] bytes = request.build().toByteArray();
		Cluster replying = Cluster.of(Dialect.V2, (context, message) -> context.reply(message));
		assertThat(ClusterReply.v2(Cluster.replyOf(replying.handler().handle(bytes))).sent())
			.containsExactly(new Sent("//1", Values.user("a")));
		Cluster asking = Cluster.of(Dialect.V2, (context, message) -> context.caller());
		assertThat(Cluster.failureOf(asking.handler().handle(bytes))).hasMessageContaining("'example/function'")
			.hasMessageContaining("reply() reaches it: //1");
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void replyGoesToTheCallerOfItsMessage(Dialect dialect) {
		Cluster cluster = Cluster.of(dialect, (context, message) -> context.reply(message));
		assertThat(cluster
			.call(Cluster.request().messageFrom("x/y", "1", Values.user("a")).messageFrom("x/y", "", Values.user("b")))
			.sent()).containsExactly(new Sent("x/y/1", Values.user("a")), new Sent("x/y/", Values.user("b")));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void replyWithoutACallerFails(Dialect dialect) {
		// The Python SDK says "missing id"
		assertThat(Cluster.of(dialect, (context, message) -> context.reply(message)).mistake(Values.user("a")))
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("'example/function' can't reply")
			.hasMessageContaining("has no caller");
	}

	private static Optional<Address> callerOf(Dialect dialect, ClusterRequest request) {
		AtomicReference<Optional<Address>> caller = new AtomicReference<>(Optional.empty());
		Cluster.of(dialect, (context, message) -> caller.set(context.caller())).call(request);
		return caller.get();
	}

}
