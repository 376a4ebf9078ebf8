package dev.statefun.sdk.registry;

import java.util.stream.IntStream;

import dev.statefun.sdk.Handler;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.User;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HandlerTable}.
 */
class HandlerTableTests {

	@Test
	void eachHandlerOfManyFunctionsIsCalled() {
		Cluster cluster = cluster(100);
		// More often than the JVM calls a method handle before it compiles it for itself
		for (int round = 0; round < 200; round++) {
			for (int number = 0; number < 100; number++) {
				assertReplies(cluster, number);
			}
		}
	}

	@Test
	void handlersAreCalledByThreadsThatStartTogether() {
		for (int round = 0; round < 20; round++) {
			Cluster cluster = cluster(40);
			IntStream.range(0, 40).parallel().forEach((number) -> assertReplies(cluster, number));
		}
	}

	private static Cluster cluster(int functions) {
		StatefulFunctions.Builder builder = StatefulFunctions.builder();
		IntStream.range(0, functions).forEach((number) -> builder.register(name(number), new Numbered(number)));
		return new Cluster(Dialect.V3, builder.build());
	}

	private static void assertReplies(Cluster cluster, int number) {
		ClusterRequest request = ClusterRequest.to(name(number), "a")
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("joe"))
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.integer(7));
		assertThat(cluster.call(request).sent()).containsExactly(
				AnnotatedFunctions.reply(Values.text(number + " user")),
				AnnotatedFunctions.reply(Values.text(number + " int 7")));
	}

	private static String name(int number) {
		return "test/number" + number;
	}

	private static final class Numbered {

		private final int number;

		Numbered(int number) {
			this.number = number;
		}

		@Handler
		String user(User user) {
			return this.number + " user";
		}

		@Handler
		String amount(int amount) {
			return this.number + " int " + amount;
		}

	}

}
