package dev.statefun.sdk.registry;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import com.google.protobuf.Any;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.FunctionDescriptor.HandlerDescriptor;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply.Sent;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.User;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for the results of {@link Handler @Handler} methods.
 */
class HandlerResultsTests {

	@Test
	void valueIsSentAsReply() {
		assertThat(AnnotatedFunctions.repliesOf(new Object() {

			@Handler
			Count on(User user) {
				return Values.countOf(3);
			}

		}, Values.user("a"))).containsExactly(AnnotatedFunctions.reply(Values.count(3)));
	}

	@Test
	void typesOfRepliesAreDescribed() {
		Map<Type, List<Type>> replies = AnnotatedFunctions.describe(new Results())
			.handlers()
			.stream()
			.collect(Collectors.toMap(HandlerDescriptor::messageType, HandlerDescriptor::replyTypes));
		assertThat(replies).containsOnly(entry(User.class, List.of(Count.class)),
				entry(String.class, List.of(String.class)), entry(Integer.class, List.of(Count.class)),
				entry(Long.class, List.of()), entry(Boolean.class, List.of()),
				entry(Any.class, List.of(Integer.class)));
	}

	@Test
	void anyIsSentUnchanged() {
		assertThat(AnnotatedFunctions.repliesOf(new Object() {

			@Handler
			Any on(Any message) {
				return message;
			}

		}, Values.of("custom/type", Values.countOf(1))))
			.containsExactly(AnnotatedFunctions.reply(Values.of("custom/type", Values.countOf(1))));
	}

	@Test
	void nullSendsNoReply() {
		assertThat(AnnotatedFunctions.repliesOf(new Object() {

			@Handler
			@Nullable Count on(User user) {
				return null;
			}

		}, Values.user("a"))).isEmpty();
	}

	@Test
	void optionalSendsItsValue() {
		assertThat(AnnotatedFunctions.repliesOf(new Object() {

			@Handler
			Optional<String> on(User user) {
				return Optional.of(user.getName()).filter((name) -> !name.isEmpty());
			}

		}, Values.user("a"), Values.user(""), Values.user("b")))
			.containsExactly(AnnotatedFunctions.reply(Values.text("a")), AnnotatedFunctions.reply(Values.text("b")));
	}

	@Test
	void stageSendsItsValue() {
		assertThat(AnnotatedFunctions.repliesOf(new Object() {

			@Handler
			CompletableFuture<String> on(User user) {
				return CompletableFuture.completedFuture(user.getName());
			}

		}, Values.user("a"))).containsExactly(AnnotatedFunctions.reply(Values.text("a")));
	}

	@Test
	void stageIsAwaitedAlsoIfItsTypeIsDeclaredAsObject() {
		assertThat(AnnotatedFunctions.repliesOf(new Object() {

			@Handler
			Object on(User user) {
				return CompletableFuture.completedFuture(user.getName());
			}

		}, Values.user("a"))).containsExactly(AnnotatedFunctions.reply(Values.text("a")));
	}

	@Test
	void replyFollowsTheMessagesOfTheHandler() {
		assertThat(AnnotatedFunctions.repliesOf(new Object() {

			@Handler
			String on(User user, Context context) {
				context.send("a/b", "1", "first");
				return "last";
			}

		}, Values.user("a"))).containsExactly(new Sent("a/b/1", Values.text("first")),
				AnnotatedFunctions.reply(Values.text("last")));
	}

	@Test
	void valueWithoutACallerFailsTheInvocation() {
		assertThat(Cluster.of(Dialect.V3, new Object() {

			@Handler
			String on(User user) {
				return "x";
			}

		}).mistake(Values.user("a"))).isInstanceOf(IllegalStateException.class).hasMessageContaining("has no caller");
	}

	@Test
	void checkedExceptionsAreNotWrapped() {
		Exception cause = new Exception("no stock");
		assertThat(Cluster.of(Dialect.V3, new Object() {

			@Handler
			void on(User user) throws Exception {
				throw cause;
			}

		}).mistake(Values.user("a"))).isSameAs(cause);
	}

	static class Results {

		@Handler
		Count value(User user) {
			return Values.countOf(1);
		}

		@Handler
		Optional<String> optional(String message) {
			return Optional.empty();
		}

		@Handler
		CompletableFuture<Optional<Count>> stage(Integer message) {
			return CompletableFuture.completedFuture(Optional.empty());
		}

		@Handler
		void none(Long message) {
		}

		@Handler
		Object any(Boolean message) {
			return message;
		}

		@Handler
		int primitive(Any message) {
			return 1;
		}

	}

}
