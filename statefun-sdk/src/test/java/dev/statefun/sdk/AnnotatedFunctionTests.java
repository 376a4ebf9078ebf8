package dev.statefun.sdk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.Stream;

import com.google.protobuf.Any;
import dev.statefun.sdk.ClusterReply.Sent;
import dev.statefun.sdk.ClusterReply.StateChange;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.FunctionDescriptor.HandlerDescriptor;
import dev.statefun.sdk.registry.FunctionDescriptor.StateDescriptor;
import dev.statefun.sdk.registry.FunctionSource;
import dev.statefun.sdk.registry.InvalidFunctionException;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.testwire.example.Admin;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.User;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Objects with {@link Handler @Handler} methods: what they may look like, how their
 * methods are called, and what is said about those that can't work.
 */
class AnnotatedFunctionTests {

	private static FunctionDescriptor describe(Object function) {
		return StatefulFunctions.builder().register(Cluster.FUNCTION, function).build().functions().get(0);
	}

	private static List<Sent> repliesOf(Object function, Any... messages) {
		ClusterRequest request = Cluster.request().absent("count").absent("last");
		for (Any message : messages) {
			request.message(message, Cluster.CALLER);
		}
		return Cluster.of(Dialect.V3, function).call(request).messages();
	}

	private static Sent reply(Any message) {
		return new Sent("example/caller/c-1", message);
	}

	private static ThrowableAssertAlternative<InvalidFunctionException> assertInvalid(Object function) {
		StatefulFunctions.Builder builder = StatefulFunctions.builder().register("example/f", function);
		return assertThatExceptionOfType(InvalidFunctionException.class).isThrownBy(builder::build)
			.withMessageStartingWith("class '" + function.getClass().getName() + "'");
	}

	@Nested
	class Parameters {

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void theyMayStandInAnyOrder(Dialect dialect) {
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
			ClusterRequest request = Cluster.request().absent("count").message(Values.user("a"), Cluster.CALLER);
			assertThat(functions).allSatisfy((function) -> assertThat(Cluster.of(dialect, function).call(request))
				.isEqualTo(new ClusterReply(List.of(new StateChange("count", Values.count(1))),
						List.of(reply(Values.user("a"))), List.of(), List.of(), List.of())));
		}

		@Test
		void theMessageAloneIsEnough() {
			List<User> seen = new ArrayList<>();
			repliesOf(new Object() {

				@Handler
				void on(User user) {
					seen.add(user);
				}

			}, Values.user("a"));
			assertThat(seen).extracting(User::getName).containsExactly("a");
		}

		@Test
		void aContextOrAStateMayBeGivenTwice() {
			assertThat(repliesOf(new Object() {

				@Handler
				void on(Context first, User user, Context second, @Persisted("count") PersistedValue<Count> one,
						@Persisted("count") PersistedValue<Count> two) {
					one.set(Values.countOf(1));
					second.reply(two.get().orElseThrow());
				}

			}, Values.user("a"))).containsExactly(reply(Values.count(1)));
		}

		@Test
		void eachStateGoesToItsOwnParameter() {
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

			}).call(request).states()).containsExactly(new StateChange("count", Values.integer(2)),
					new StateChange("last", Values.text("xy")));
		}

		@Test
		void primitivesAreMessages() {
			assertThat(repliesOf(new Object() {

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
				.containsExactly(reply(Values.integer(42)), reply(Values.flag(true)), reply(Values.longInteger(-5)),
						reply(Values.text("Hello Ada")), reply(Values.integer(0)));
		}

		@Test
		void aStateOfSeveralHandlersIsOneState() {
			assertThat(repliesOf(new Object() {

				@Handler
				void remember(User user, @Persisted("last") PersistedValue<String> last) {
					last.set(user.getName());
				}

				@Handler
				String recall(Admin admin, @Persisted("last") PersistedValue<String> last) {
					return last.get().orElse("nobody");
				}

			}, Values.user("Ada"), Values.of(Admin.getDefaultInstance()))).containsExactly(reply(Values.text("Ada")));
		}

		@Test
		void varargsAreJustAnArray() {
			assertInvalid(new Object() {

				@Handler
				void on(String... texts) {
				}

			}).withMessageContaining("No mapping for type 'java.lang.String[]'");
		}

	}

	@Nested
	class Results {

		@Test
		void aValueIsAReply() {
			assertThat(repliesOf(new Object() {

				@Handler
				Count on(User user) {
					return Values.countOf(3);
				}

			}, Values.user("a"))).containsExactly(reply(Values.count(3)));
		}

		@Test
		void anAnyIsAReplyAsItIs() {
			assertThat(repliesOf(new Object() {

				@Handler
				Any on(Any message) {
					return message;
				}

			}, Values.of("custom/type", Values.countOf(1))))
				.containsExactly(reply(Values.of("custom/type", Values.countOf(1))));
		}

		@Test
		void nullRepliesNothing() {
			assertThat(repliesOf(new Object() {

				@Handler
				@Nullable Count on(User user) {
					return null;
				}

			}, Values.user("a"))).isEmpty();
		}

		@Test
		void anOptionalRepliesItsValueOrNothing() {
			assertThat(repliesOf(new Object() {

				@Handler
				Optional<String> on(User user) {
					return Optional.of(user.getName()).filter((name) -> !name.isEmpty());
				}

			}, Values.user("a"), Values.user(""), Values.user("b"))).containsExactly(reply(Values.text("a")),
					reply(Values.text("b")));
		}

		@Test
		void aStageRepliesItsValue() {
			assertThat(repliesOf(new Object() {

				@Handler
				CompletableFuture<String> on(User user) {
					return CompletableFuture.completedFuture(user.getName());
				}

			}, Values.user("a"))).containsExactly(reply(Values.text("a")));
		}

		@Test
		void aResultThatIsAStageOnlyAtRunTimeIsAwaitedToo() {
			assertThat(repliesOf(new Object() {

				@Handler
				Object on(User user) {
					return CompletableFuture.completedFuture(user.getName());
				}

			}, Values.user("a"))).containsExactly(reply(Values.text("a")));
		}

		@Test
		void aReplyComesAfterWhatTheHandlerSent() {
			assertThat(repliesOf(new Object() {

				@Handler
				String on(User user, Context context) {
					context.send("a/b", "1", "first");
					return "last";
				}

			}, Values.user("a"))).containsExactly(new Sent("a/b/1", Values.text("first")), reply(Values.text("last")));
		}

		@Test
		void aValueWithoutACallerFailsTheInvocation() {
			assertThat(Cluster.of(Dialect.V3, new Object() {

				@Handler
				String on(User user) {
					return "x";
				}

			}).mistake(Values.user("a"))).isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("has no caller");
		}

		@Test
		void checkedExceptionsReachTheCallerAsTheyAre() {
			Exception cause = new Exception("no stock");
			assertThat(Cluster.of(Dialect.V3, new Object() {

				@Handler
				void on(User user) throws Exception {
					throw cause;
				}

			}).mistake(Values.user("a"))).isSameAs(cause);
		}

	}

	@Nested
	class Dispatch {

		@Test
		void theTypeOfTheMessageDecides() {
			assertThat(repliesOf(new Union(), Values.user("a"), Values.of(Admin.newBuilder().setName("b").build()),
					Values.count(1)))
				.containsExactly(reply(Values.text("user a")), reply(Values.text("admin b")),
						reply(Values.text("other type.googleapis.com/example.Count")));
		}

		@Test
		void handlersAreDescribedWithTheirTypes() {
			assertThat(describe(new Union()).handlers()).containsExactlyInAnyOrder(
					new HandlerDescriptor("type.googleapis.com/example.User", User.class, "Union.user(User)"),
					new HandlerDescriptor("type.googleapis.com/example.Admin", Admin.class, "Union.admin(Admin)"),
					new HandlerDescriptor("*", Any.class, "Union.other(Any)"));
		}

		@Test
		void privateHandlersAreCalled() {
			assertThat(repliesOf(new Object() {

				@Handler
				private String on(User user) {
					return "private";
				}

			}, Values.user("a"))).containsExactly(reply(Values.text("private")));
		}

		@Test
		void inheritedHandlersAreCalled() {
			assertThat(repliesOf(new Inheriting(), Values.user("a"))).containsExactly(reply(Values.text("parent a")));
		}

		@Test
		void anOverridingMethodIsCalledAnnotatedAnewOrNot() {
			assertThat(repliesOf(new Overriding(), Values.user("a"))).containsExactly(reply(Values.text("child a")));
			assertThat(repliesOf(new OverridingAnew(), Values.user("a")))
				.containsExactly(reply(Values.text("child anew a")));
		}

		@Test
		void aPrivateHandlerIsNotOverriddenByAMethodThatLooksLikeIt() {
			assertThat(repliesOf(new ChildWithALookalike(), Values.user("a")))
				.containsExactly(reply(Values.text("private parent a")));
		}

		@Test
		void handlersOfInterfacesAreCalled() {
			assertThat(repliesOf(new WithDefaultMethod(), Values.user("a")))
				.containsExactly(reply(Values.text("default a")));
			assertThat(repliesOf(new OverridingDefaultMethod(), Values.user("a")))
				.containsExactly(reply(Values.text("overridden a")));
		}

		@Test
		void handlersOfRecordsAndEnumsAreCalled() {
			assertThat(repliesOf(new RecordFunction("Hi "), Values.user("a")))
				.containsExactly(reply(Values.text("Hi a")));
			assertThat(repliesOf(EnumFunction.INSTANCE, Values.user("a")))
				.containsExactly(reply(Values.text("enum a")));
		}

		@Test
		void aGenericHandlerThatIsOverriddenWithItsOwnTypeCountsOnce() {
			assertThat(repliesOf(new GenericChild(), Values.user("a")))
				.containsExactly(reply(Values.text("generic a")));
		}

		@Test
		void anObjectMayBeAskedForAnewForEveryMessage() {
			List<Union> made = new ArrayList<>();
			StatefulFunctions functions = StatefulFunctions.builder()
				.register(FunctionType.parse(Cluster.FUNCTION), FunctionSource.of(Union.class, () -> {
					made.add(new Union());
					return made.get(made.size() - 1);
				}))
				.build();
			new Cluster(Dialect.V3, functions).call(Cluster.request()
				.message(Values.user("a"), Cluster.CALLER)
				.message(Values.user("b"), Cluster.CALLER));
			assertThat(made).hasSize(2);
		}

		@Test
		void aFunctionHandlerIsRegisteredAsAnyObject() {
			FunctionHandler function = new FunctionHandler() {

				@Override
				public void handle(Context context, Any message) {
					context.state("count", Integer.class).set(1);
				}

				@Override
				public List<ValueSpec<?>> states() {
					return List.of(ValueSpec.of("count", Integer.class));
				}

			};
			assertThat(Cluster.of(Dialect.V3, (Object) function)
				.call(Cluster.request(Values.user("a")).absent("count"))
				.states()).containsExactly(new StateChange("count", Values.integer(1)));
		}

		@Test
		void statesOfAFunctionHandlerAreAddedToThoseOfItsSpec() {
			FunctionHandler function = new FunctionHandler() {

				@Override
				public void handle(Context context, Any message) {
				}

				@Override
				public List<ValueSpec<?>> states() {
					return List.of(ValueSpec.of("b", Integer.class), ValueSpec.of("c", Integer.class));
				}

			};
			FunctionSpec spec = FunctionSpec.of(Cluster.FUNCTION).state("a", Integer.class).state("b", Integer.class);
			assertThat(StatefulFunctions.builder().register(spec, function).build().functions().get(0).states())
				.extracting(StateDescriptor::name)
				.containsExactly("a", "b", "c");
		}

	}

	@Nested
	class TimesToLive {

		@Test
		void theyBecomeTheExpirationOfTheState() {
			assertThat(describe(new Object() {

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
		void textsAreResolvedFirst() {
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

	}

	@Nested
	class Mistakes {

		@Test
		void twoMessages() {
			assertInvalid(new Object() {

				@Handler
				void on(User user, Admin admin) {
				}

			}).withMessageContaining("on(User, Admin)' has two parameters that could be the message")
				.withMessageContaining("'" + User.class.getName() + "' and '" + Admin.class.getName() + "'");
		}

		@Test
		void noMessage() {
			assertInvalid(new Object() {

				@Handler
				void on(Context context, @Persisted("a") PersistedValue<Integer> a) {
				}

			}).withMessageContaining("on(Context, PersistedValue)' has no parameter for the message");
			assertInvalid(new Object() {

				@Handler
				void on() {
				}

			}).withMessageContaining("on()' has no parameter for the message");
		}

		@Test
		void aStaticHandler() {
			assertInvalid(new StaticHandler())
				.withMessageContaining("StaticHandler.on(User)' is static. Make it an instance method");
		}

		@Test
		void aResultThatIsNeverWaitedFor() {
			List<Object> functions = List.of(new Object() {

				@Handler
				@Nullable Future<String> on(User user) {
					return null;
				}

			}, new Object() {

				@Handler
				Flow.@Nullable Publisher<String> on(User user) {
					return null;
				}

			}, new Object() {

				@Handler
				@Nullable SubmissionPublisher<String> on(User user) {
					return null;
				}

			}, new Object() {

				@Handler
				@Nullable Stream<String> on(User user) {
					return null;
				}

			});
			assertThat(functions).allSatisfy(
					(function) -> assertInvalid(function).withMessageContaining("is never waited for. Return void"));
		}

		@Test
		void aStateWithoutAName() {
			assertInvalid(new Object() {

				@Handler
				void on(User user, PersistedValue<Integer> count) {
				}

			}).withMessageContaining("has a PersistedValue parameter without a name. Put @Persisted(\"<name>\") on it");
		}

		@Test
		void aStateThatIsNoPersistedValue() {
			assertInvalid(new Object() {

				@Handler
				void on(User user, @Persisted("count") Integer count) {
				}

			}).withMessageContaining(
					"has a @Persisted parameter of the type 'java.lang.Integer'. Declare it as PersistedValue<Integer>");
		}

		@Test
		@SuppressWarnings("rawtypes")
		void aStateWithoutAType() {
			assertInvalid(new Object() {

				@Handler
				void on(User user, @Persisted("count") PersistedValue count) {
				}

			}).withMessageContaining("Declare it as PersistedValue<T> with a type for T");
		}

		@Test
		void aStateOfAnUnknownType() {
			assertThat(List.of(new Object() {

				@Handler
				void on(User user, @Persisted("count") PersistedValue<?> count) {
				}

			}, new Object() {

				@Handler
				<T> void on(User user, @Persisted("count") PersistedValue<T> count) {
				}

			})).allSatisfy((function) -> assertInvalid(function)
				.withMessageContaining("state 'count': Java does not know what '")
				.withMessageContaining("Declare a type that has no type variables, '?' or arrays of such types in it"));
		}

		@Test
		void twoTimesToLive() {
			assertInvalid(new Object() {

				@Handler
				void on(User user, @Persisted(value = "count", expireAfterWrite = "1d",
						expireAfterCall = "1d") PersistedValue<Integer> count) {
				}

			}).withMessageContaining("State 'count' has both 'expireAfterWrite' and 'expireAfterCall'");
		}

		@Test
		void aTimeToLiveThatIsNone() {
			assertInvalid(new Object() {

				@Handler
				void on(User user,
						@Persisted(value = "count", expireAfterWrite = "soon") PersistedValue<Integer> count) {
				}

			}).withMessageContaining("'soon' is no time to live");
			assertInvalid(new Object() {

				@Handler
				void on(User user, @Persisted(value = "count", expireAfterCall = "0s") PersistedValue<Integer> count) {
				}

			}).withMessageContaining("at least one millisecond");
			assertInvalid(new Object() {

				@Handler
				void on(User user,
						@Persisted(value = "count", expireAfterCall = "PT-1S") PersistedValue<Integer> count) {
				}

			}).withMessageContaining("Give a time of at least one millisecond");
		}

		@ParameterizedTest
		@ValueSource(strings = { "batch", "request-state", "", " " })
		void aStateNameThatCannotBeUsed(String name) {
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
		void aStateTypeThatWouldFailTheJob() {
			assertInvalid(new Object() {

				@Handler
				void on(User user, @Persisted(value = "count", type = "a/b/c") PersistedValue<Integer> count) {
				}

			}).withMessageContaining("exactly one '/'");
		}

		@Test
		void aStateThatIsDeclaredInTwoWays() {
			assertInvalid(new Object() {

				@Handler
				void user(User user, @Persisted("count") PersistedValue<Integer> count) {
				}

				@Handler
				void admin(Admin admin, @Persisted("count") PersistedValue<Long> count) {
				}

			}).withMessageContaining("state 'count' is declared in two ways")
				.withMessageContaining("java.lang.Integer")
				.withMessageContaining("java.lang.Long");
			assertInvalid(new Object() {

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
		void twoHandlersForOneType() {
			assertInvalid(new Object() {

				@Handler
				void one(User user) {
				}

				@Handler
				void two(Context context, User user) {
				}

			}).withMessageContaining("one(User)' and '")
				.withMessageContaining("two(Context, User)' both take messages of the type "
						+ "'type.googleapis.com/example.User'. Keep one handler for each type");
		}

		@Test
		void twoHandlersForEverything() {
			assertInvalid(new Object() {

				@Handler
				void one(Any any) {
				}

				@Handler
				void two(Any any, Context context) {
				}

			}).withMessageContaining("both take messages of the type 'google.protobuf.Any'");
		}

		@Test
		void aPrimitiveAndItsWrapper() {
			assertInvalid(new Object() {

				@Handler
				void one(int number) {
				}

				@Handler
				void two(Integer number) {
				}

			}).withMessageContaining("both take messages of the type 'io.statefun.types/int'");
		}

		@Test
		void aFunctionHandlerWithHandlerMethods() {
			assertInvalid(new Both()).withMessageContaining("is a FunctionHandler and has @Handler methods");
		}

		@Test
		void noHandler() {
			assertInvalid("a text").withMessageContaining("class 'java.lang.String'")
				.withMessageContaining("has no @Handler method and is no FunctionHandler");
		}

		@Test
		void aMessageThatNobodyMaps() {
			assertInvalid(new Object() {

				@Handler
				void on(Thread thread) {
				}

			}).withMessageContaining("handler '")
				.withMessageContaining("on(Thread)': No mapping for type 'java.lang.Thread'");
		}

		@Test
		void aStateThatNobodyMaps() {
			assertInvalid(new Object() {

				@Handler
				void on(User user, @Persisted("thread") PersistedValue<Thread> thread) {
				}

			}).withMessageContaining("state 'thread': No mapping for type 'java.lang.Thread'");
		}

		@Test
		void aMethodThatCannotBeCalled() {
			FunctionSource function = FunctionSource.of(new Union()).callableMethod((method) -> {
				throw new IllegalStateException("the proxy has no such method");
			});
			StatefulFunctions.Builder builder = StatefulFunctions.builder()
				.register(FunctionType.parse("example/f"), function);
			assertThatExceptionOfType(InvalidFunctionException.class).isThrownBy(builder::build)
				.withMessageContaining("can't be called: the proxy has no such method");
		}

	}

	static class Union {

		@Handler
		String user(User user) {
			return "user " + user.getName();
		}

		@Handler
		String admin(Admin admin) {
			return "admin " + admin.getName();
		}

		@Handler
		String other(Any message) {
			return "other " + message.getTypeUrl();
		}

	}

	static class Parent {

		@Handler
		String on(User user) {
			return "parent " + user.getName();
		}

	}

	static class Inheriting extends Parent {

	}

	static class PrivateParent {

		@Handler
		private String on(User user) {
			return "private parent " + user.getName();
		}

	}

	static class ChildWithALookalike extends PrivateParent {

		String on(User user) {
			return "child " + user.getName();
		}

	}

	static class Overriding extends Parent {

		@Override
		String on(User user) {
			return "child " + user.getName();
		}

	}

	static class OverridingAnew extends Parent {

		@Override
		@Handler
		String on(User user) {
			return "child anew " + user.getName();
		}

	}

	/**
	 * An interface whose default method is a handler.
	 */
	interface Greeting {

		@Handler
		default String on(User user) {
			return "default " + user.getName();
		}

	}

	static class WithDefaultMethod implements Greeting {

	}

	static class OverridingDefaultMethod implements Greeting {

		@Override
		public String on(User user) {
			return "overridden " + user.getName();
		}

	}

	/**
	 * A handler whose message type is left to its subclasses.
	 *
	 * @param <M> type of the message
	 */
	abstract static class GenericParent<M> {

		@Handler
		abstract String on(M message);

	}

	static class GenericChild extends GenericParent<User> {

		@Override
		@Handler
		String on(User user) {
			return "generic " + user.getName();
		}

	}

	/**
	 * A record that is a function.
	 *
	 * @param greeting what to say
	 */
	record RecordFunction(String greeting) {

		@Handler
		String on(User user) {
			return this.greeting + user.getName();
		}

	}

	enum EnumFunction {

		INSTANCE;

		@Handler
		String on(User user) {
			return "enum " + user.getName();
		}

	}

	static class StaticHandler {

		@Handler
		static void on(User user) {
		}

	}

	static class Both implements FunctionHandler {

		@Override
		public void handle(Context context, Any message) {
		}

		@Handler
		void on(User user) {
		}

	}

}
