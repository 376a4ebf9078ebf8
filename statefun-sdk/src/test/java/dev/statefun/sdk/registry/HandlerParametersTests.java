package dev.statefun.sdk.registry;

import java.util.ArrayList;
import java.util.List;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterReply.StateChange;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.Admin;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.User;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the parameters of {@link Handler @Handler} methods.
 */
class HandlerParametersTests {

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void parametersMayHaveAnyOrder(Dialect dialect) {
		List<Object> functions = List.of(new Object() {

			@Handler
			void on(User user, Context context, @Persisted("count") PersistedValue<Count> count) {
				count.set(Values.countOf(1));
				context.reply(user);
			}

		}, new Object() {

			@Handler
			void on(Context context, @Persisted("count") PersistedValue<Count> count, User user) {
				count.set(Values.countOf(1));
				context.reply(user);
			}

		}, new Object() {

			@Handler
			void on(@Persisted("count") PersistedValue<Count> count, User user, Context context) {
				count.set(Values.countOf(1));
				context.reply(user);
			}

		});
		ClusterRequest request = Cluster.request()
			.absentState("count")
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("a"));
		assertThat(functions).allSatisfy((function) -> assertThat(Cluster.of(dialect, function).call(request))
			.isEqualTo(new ClusterReply(List.of(new StateChange("count", Values.count(1))),
					List.of(AnnotatedFunctions.reply(Values.user("a"))), List.of(), List.of(), List.of())));
	}

	@Test
	void messageMayBeTheOnlyParameter() {
		List<User> seen = new ArrayList<>();
		AnnotatedFunctions.repliesOf(new Object() {

			@Handler
			void on(User user) {
				seen.add(user);
			}

		}, Values.user("a"));
		assertThat(seen).extracting(User::getName).containsExactly("a");
	}

	@Test
	void contextAndStateMayOccurTwice() {
		assertThat(AnnotatedFunctions.repliesOf(new Object() {

			@Handler
			void on(Context first, User user, Context second, @Persisted("count") PersistedValue<Count> one,
					@Persisted("count") PersistedValue<Count> two) {
				one.set(Values.countOf(1));
				second.reply(two.get().orElseThrow());
			}

		}, Values.user("a"))).containsExactly(AnnotatedFunctions.reply(Values.count(1)));
	}

	@Test
	void eachStateIsPassedToItsParameter() {
		ClusterRequest request = Cluster.request(Values.user("a"))
			.state("last", Values.text("x"))
			.state("count", Values.integer(1));
		assertThat(Cluster.of(Dialect.V3, new Object() {

			@Handler
			void on(@Persisted("count") PersistedValue<Integer> count, User user,
					@Persisted("last") PersistedValue<String> last) {
				count.set(count.get().orElseThrow() + 1);
				last.set(last.get().orElseThrow() + "y");
			}

		}).call(request).stateChanges()).containsExactly(new StateChange("count", Values.integer(2)),
				new StateChange("last", Values.text("xy")));
	}

	@Test
	void primitivesCanBeMessages() {
		assertThat(AnnotatedFunctions.repliesOf(new Object() {

			@Handler
			int twice(int message) {
				return 2 * message;
			}

			@Handler
			boolean not(boolean message) {
				return !message;
			}

			@Handler
			long negate(Long message) {
				return -message;
			}

			@Handler
			String greet(String name) {
				return "Hello " + name;
			}

		}, Values.integer(21), Values.flag(false), Values.longInteger(5), Values.text("Ada"), Values.integer(0)))
			.containsExactly(AnnotatedFunctions.reply(Values.integer(42)), AnnotatedFunctions.reply(Values.flag(true)),
					AnnotatedFunctions.reply(Values.longInteger(-5)),
					AnnotatedFunctions.reply(Values.text("Hello Ada")), AnnotatedFunctions.reply(Values.integer(0)));
	}

	@Test
	void handlersShareAState() {
		assertThat(AnnotatedFunctions.repliesOf(new Object() {

			@Handler
			void remember(User user, @Persisted("last") PersistedValue<String> last) {
				last.set(user.getName());
			}

			@Handler
			String recall(Admin admin, @Persisted("last") PersistedValue<String> last) {
				return last.get().orElse("none");
			}

		}, Values.user("Ada"), Values.of(Admin.getDefaultInstance())))
			.containsExactly(AnnotatedFunctions.reply(Values.text("Ada")));
	}

	@Test
	void varargsAreTreatedAsAnArray() {
		AnnotatedFunctions.assertInvalid(new Object() {

			@Handler
			void on(String... texts) {
			}

		}).withMessageContaining("No mapping for type 'java.lang.String[]'");
	}

}
