package dev.statefun.sdk.registry;

import java.time.Duration;
import java.util.List;

import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.registry.FunctionDescriptor.StateDescriptor;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testwire.example.Admin;
import dev.statefun.testwire.example.User;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Persisted @Persisted} parameters.
 */
class PersistedParametersTests {

	@Test
	void timeToLiveIsTheExpirationOfTheState() {
		assertThat(AnnotatedFunctions.describe(new Object() {

			@Handler
			void on(User user, @Persisted(value = "a", expireAfterWrite = "1d") PersistedValue<Integer> a,
					@Persisted(value = "b", expireAfterCall = "PT5M") PersistedValue<Integer> b,
					@Persisted("c") PersistedValue<Integer> c) {
			}

		}).states()).extracting(StateDescriptor::expiration)
			.containsExactly(Expiration.afterWrite(Duration.ofDays(1)), Expiration.afterCall(Duration.ofMinutes(5)),
					Expiration.never());
	}

	@Test
	void placeholdersAreResolved() {
		StatefulFunctions functions = StatefulFunctions.builder()
			.register(FunctionType.parse(Cluster.FUNCTION), FunctionSource.of(new Object() {

				@Handler
				void on(User user, @Persisted(value = "${name}", expireAfterWrite = "${ttl}",
						type = "${type}") PersistedValue<User> state) {
				}

			})
				.textResolver((text) -> text.replace("${name}", "user")
					.replace("${ttl}", "1h")
					.replace("${type}", "shop/User")))
			.build();
		assertThat(functions.functions().get(0).states()).containsExactly(
				new StateDescriptor("user", "shop/User", User.class, Expiration.afterWrite(Duration.ofHours(1))));
	}

	@Test
	void stateWithoutANameIsRefused() {
		AnnotatedFunctions.assertInvalid(new Object() {

			@Handler
			void on(User user, PersistedValue<Integer> count) {
			}

		}).withMessageContaining("has a PersistedValue parameter without a name. Put @Persisted(\"<name>\") on it");
	}

	@Test
	void stateThatIsNoPersistedValueIsRefused() {
		AnnotatedFunctions.assertInvalid(new Object() {

			@Handler
			void on(User user, @Persisted("count") Integer count) {
			}

		})
			.withMessageContaining(
					"has a @Persisted parameter of the type 'java.lang.Integer'. Declare it as PersistedValue<Integer>");
	}

	@Test
	@SuppressWarnings("rawtypes")
	void stateWithoutATypeIsRefused() {
		AnnotatedFunctions.assertInvalid(new Object() {

			@Handler
			void on(User user, @Persisted("count") PersistedValue count) {
			}

		}).withMessageContaining("Declare it as PersistedValue<T> with a type for T");
	}

	@Test
	void stateOfAnUnknownTypeIsRefused() {
		assertThat(List.of(new Object() {

			@Handler
			void on(User user, @Persisted("count") PersistedValue<?> count) {
			}

		}, new Object() {

			@Handler
			<T> void on(User user, @Persisted("count") PersistedValue<T> count) {
			}

		})).allSatisfy((function) -> AnnotatedFunctions.assertInvalid(function)
			.withMessageContaining("state 'count': Java does not know what '")
			.withMessageContaining("Declare a type that has no type variables, '?' or arrays of such types in it"));
	}

	@Test
	void twoTimesToLiveAreRefused() {
		AnnotatedFunctions.assertInvalid(new Object() {

			@Handler
			void on(User user, @Persisted(value = "count", expireAfterWrite = "1d",
					expireAfterCall = "1d") PersistedValue<Integer> count) {
			}

		}).withMessageContaining("State 'count' has both 'expireAfterWrite' and 'expireAfterCall'");
	}

	@Test
	void invalidTimeToLiveIsRefused() {
		AnnotatedFunctions.assertInvalid(new Object() {

			@Handler
			void on(User user, @Persisted(value = "count", expireAfterWrite = "soon") PersistedValue<Integer> count) {
			}

		}).withMessageContaining("'soon' is no time to live");
		AnnotatedFunctions.assertInvalid(new Object() {

			@Handler
			void on(User user, @Persisted(value = "count", expireAfterCall = "0s") PersistedValue<Integer> count) {
			}

		}).withMessageContaining("at least one millisecond");
		AnnotatedFunctions.assertInvalid(new Object() {

			@Handler
			void on(User user, @Persisted(value = "count", expireAfterCall = "PT-1S") PersistedValue<Integer> count) {
			}

		}).withMessageContaining("Give a time of at least one millisecond");
	}

	@ParameterizedTest
	@ValueSource(strings = { "batch", "request-state", "", " " })
	void invalidNameIsRefused(String name) {
		FunctionSource function = FunctionSource.of(new Object() {

			@Handler
			void on(User user, @Persisted("name") PersistedValue<Integer> count) {
			}

		}).origin("bean 'counter'").textResolver((text) -> text.isEmpty() ? text : name);
		StatefulFunctions.Builder builder = StatefulFunctions.builder()
			.register(FunctionType.parse("example/f"), function);
		assertThatExceptionOfType(InvalidFunctionException.class).isThrownBy(builder::build)
			.withMessageStartingWith("bean 'counter': handler '")
			.withCauseInstanceOf(IllegalArgumentException.class)
			.satisfies((ex) -> assertThat(ex.origin()).isEqualTo("bean 'counter'"));
	}

	@Test
	void invalidTypenameIsRefused() {
		AnnotatedFunctions.assertInvalid(new Object() {

			@Handler
			void on(User user, @Persisted(value = "count", type = "a/b/c") PersistedValue<Integer> count) {
			}

		}).withMessageContaining("exactly one '/'");
	}

	@Test
	void stateIsDeclaredInTheSameWayEverywhere() {
		AnnotatedFunctions.assertInvalid(new Object() {

			@Handler
			void user(User user, @Persisted("count") PersistedValue<Integer> count) {
			}

			@Handler
			void admin(Admin admin, @Persisted("count") PersistedValue<Long> count) {
			}

		})
			.withMessageContaining("state 'count' is declared in two ways")
			.withMessageContaining("java.lang.Integer")
			.withMessageContaining("java.lang.Long");
		AnnotatedFunctions.assertInvalid(new Object() {

			@Handler
			void user(User user, @Persisted("count") PersistedValue<Integer> count) {
			}

			@Handler
			void admin(Admin admin,
					@Persisted(value = "count", expireAfterWrite = "1d") PersistedValue<Integer> count) {
			}

		}).withMessageContaining("expiring PT24H after write");
	}

	@Test
	void stateOfATypeWithoutAMappingIsRefused() {
		AnnotatedFunctions.assertInvalid(new Object() {

			@Handler
			void on(User user, @Persisted("thread") PersistedValue<Thread> thread) {
			}

		}).withMessageContaining("state 'thread': No mapping for type 'java.lang.Thread'");
	}

}
