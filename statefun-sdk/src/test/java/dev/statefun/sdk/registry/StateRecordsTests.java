package dev.statefun.sdk.registry;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import com.google.protobuf.Any;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.ValueSpec;
import dev.statefun.sdk.message.GenericType;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.FunctionDescriptor.HandlerDescriptor;
import dev.statefun.sdk.registry.FunctionDescriptor.StateDescriptor;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply.StateChange;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.Admin;
import dev.statefun.testwire.example.User;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for records whose components are all {@link PersistedValue}.
 */
class StateRecordsTests {

	private static final String SELF = StateRecordsTests.class.getName();

	private static final String PERSISTED = "Declare every component as PersistedValue; "
			+ "a message has none, and no @Persisted.";

	private static final String ONE_WAY = "Declare it in the same way everywhere, "
			+ "or give one of the states another name.";

	private static StateDescriptor integer(String name) {
		return new StateDescriptor(name, "io.statefun.types/int", Integer.class, Expiration.never());
	}

	@Nested
	class Parameters {

		@Test
		void componentsDeclareTheStates() {
			assertThat(AnnotatedFunctions.describe(new Object() {

				@Handler
				void on(User user, Declared states) {
				}

			}).states()).containsExactly(integer("plain"), integer("other-name"),
					new StateDescriptor("written", "io.statefun.types/string", String.class,
							Expiration.afterWrite(Duration.ofDays(30))),
					new StateDescriptor("called", "shop/User", User.class,
							Expiration.afterCall(Duration.ofMinutes(5))));
		}

		@Test
		void placeholdersAreResolved() {
			StatefulFunctions functions = StatefulFunctions.builder()
				.register(FunctionType.parse(Cluster.FUNCTION), FunctionSource.of(new Object() {

					@Handler
					void on(User user, Placeholders states) {
					}

				})
					.textResolver((text) -> text.replace("${name}", "user")
						.replace("${ttl}", "1h")
						.replace("${type}", "shop/User")))
				.build();
			assertThat(functions.functions().get(0).states()).containsExactly(
					new StateDescriptor("user", "shop/User", User.class, Expiration.afterWrite(Duration.ofHours(1))));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void handlersReadAndWriteTheStates(Dialect dialect) {
			ClusterRequest request = Cluster.request(Values.user("a"))
				.state("last", Values.text("x"))
				.state("count", Values.integer(1));
			assertThat(Cluster.of(dialect, new Object() {

				@Handler
				void on(Visits visits, User user) {
					visits.count().set(visits.count().get().orElseThrow() + 1);
					visits.last().set(visits.last().get().orElseThrow() + user.getName());
				}

			}).call(request).stateChanges()).containsExactlyInAnyOrder(new StateChange("count", Values.integer(2)),
					new StateChange("last", Values.text("xa")));
		}

		@Test
		void handlersMayTakeSeveralRecordsAndParameters() {
			ClusterRequest request = Cluster.request(Values.user("a"))
				.state("last", Values.text("x"))
				.state("count", Values.integer(1))
				.state("sum", Values.longInteger(7));
			List<Object> read = new ArrayList<>();
			assertThat(Cluster.of(Dialect.V3, new Object() {

				@Handler
				void on(@Persisted("sum") PersistedValue<Long> sum, Swapped swapped, User user, Visits visits,
						Context context, @Persisted("count") PersistedValue<Integer> count) {
					swapped.last().set("y");
					visits.count().set(2);
					read.add(visits.last().get().orElseThrow());
					read.add(swapped.count().get().orElseThrow());
					read.add(count.get().orElseThrow());
					read.add(sum.get().orElseThrow());
				}

			}).call(request).stateChanges()).containsExactlyInAnyOrder(new StateChange("last", Values.text("y")),
					new StateChange("count", Values.integer(2)));
			assertThat(read).containsExactly("y", 2, 2, 7L);
		}

		@Test
		void handlersShareTheStates() {
			Object function = new Object() {

				@Handler
				void on(User user, Visits visits) {
					visits.count().set(visits.count().get().orElse(0) + 1);
				}

				@Handler
				int report(Admin admin, Swapped swapped) {
					return swapped.count().get().orElse(0);
				}

			};
			assertThat(AnnotatedFunctions.describe(function).states()).extracting(StateDescriptor::name)
				.containsExactly("count", "last");
			assertThat(AnnotatedFunctions.repliesOf(function, Values.user("a"), Values.user("b"),
					Values.of(Admin.getDefaultInstance())))
				.containsExactly(AnnotatedFunctions.reply(Values.integer(2)));
		}

		@Test
		void oneStateMayHaveTwoComponents() {
			assertThat(AnnotatedFunctions.repliesOf(new Object() {

				@Handler
				int on(User user, Twice twice) {
					twice.one().set(5);
					return twice.two().get().orElseThrow();
				}

			}, Values.user("a"))).containsExactly(AnnotatedFunctions.reply(Values.integer(5)));
		}

		@Test
		void typeArgumentsOfTheRecordAreResolved() {
			assertThat(AnnotatedFunctions.describe(new Object() {

				@Handler
				void on(User user, Generic<Integer> states) {
				}

			}).states()).containsExactly(integer("items"));
		}

		@Test
		void subclassBindsTheTypesOfAnInheritedHandler() {
			ClusterRequest request = Cluster.request(Values.user("a")).absentState("items");
			for (Object function : List.of(new OfIntegers(), new OfIntegerRecords())) {
				assertThat(AnnotatedFunctions.describe(function).states()).containsExactly(integer("items"));
				assertThat(Cluster.of(Dialect.V3, function).call(request).stateChanges())
					.containsExactly(new StateChange("items", Values.integer(1)));
			}
		}

		@Test
		void recordWithoutStatesIsAMessage() {
			StatefulFunctions functions = StatefulFunctions.builder()
				.codec(MessageCodec.of(Item.class, "shop/Item", (item) -> item.sku().getBytes(StandardCharsets.UTF_8),
						(bytes) -> new Item(new String(bytes, StandardCharsets.UTF_8))))
				.codec(MessageCodec.of(Show.class, "shop/Show", (show) -> new byte[0], (bytes) -> new Show()))
				.register(Cluster.FUNCTION, new Object() {

					@Handler
					void item(Item item, Visits visits) {
					}

					@Handler
					void show(Visits visits, Show show) {
					}

				})
				.build();
			assertThat(functions.functions().get(0).handlers()).extracting(HandlerDescriptor::typename)
				.containsExactly("shop/Item", "shop/Show");
		}

		@Test
		void exceptionOfTheConstructorFailsTheInvocation() {
			assertThat(Cluster.of(Dialect.V3, new Object() {

				@Handler
				void on(User user, Refusing refusing) {
				}

			}).mistake(Cluster.request(Values.user("a")).absentState("count")))
				.isInstanceOf(UnsupportedOperationException.class)
				.hasMessage("refused");
		}

	}

	@Nested
	class Mistakes {

		@Test
		void recordWithOtherComponentsIsRefused() {
			AnnotatedFunctions.assertInvalid(new Object() {

				@Handler
				void on(User user, Mixed mixed) {
				}

			})
				.withMessageEndingWith("on(User, Mixed)': Record '" + SELF + "$Mixed' declares states, but has other "
						+ "components too: [PersistedValue items, String owner]. " + PERSISTED);
			AnnotatedFunctions.assertInvalid(new Object() {

				@Handler
				void on(User user, Bare bare) {
				}

			})
				.withMessageEndingWith("on(User, Bare)': Record '" + SELF + "$Bare' declares states, but has other "
						+ "components too: [Integer count]. " + PERSISTED);
		}

		@Test
		void recordIsNoMessage() {
			AnnotatedFunctions.assertInvalid(new Object() {

				@Handler
				void on(Visits visits) {
				}

			})
				.withMessageEndingWith("on(Visits)' has no parameter for the message. Keep one parameter for the "
						+ "message, besides Context, Timers, @Header, @Persisted PersistedValue parameters and records of "
						+ "PersistedValue components.");
		}

		@Test
		void recordAndParameterDeclareAStateInTheSameWay() {
			AnnotatedFunctions.assertInvalid(new Object() {

				@Handler
				void on(User user, Visits visits,
						@Persisted(value = "count", expireAfterCall = "1d") PersistedValue<Integer> count) {
				}

			})
				.withMessageEndingWith("': state 'count' is declared in two ways, as state 'count' of type "
						+ "'java.lang.Integer' and as state 'count' of type 'java.lang.Integer' expiring PT24H after "
						+ "call. " + ONE_WAY);
		}

		@Test
		void annotationOfTheParameterIsRefused() {
			AnnotatedFunctions.assertInvalid(new Object() {

				@Handler
				void on(User user, @Persisted("visits") Visits visits) {
				}

			})
				.withMessageEndingWith("on(User, Visits)' has @Persisted on a parameter of the record '" + SELF
						+ "$Visits'. Put it on the components of the record instead.");
		}

		@Test
		void parameterHasNoDefaultName() {
			AnnotatedFunctions.assertInvalid(new Object() {

				@Handler
				void on(User user, @Persisted PersistedValue<Integer> count) {
				}

			})
				.withMessageEndingWith("on(User, PersistedValue)' has a @Persisted parameter without a name. Give the "
						+ "name, @Persisted(\"<name>\"); only components of records have a default.");
		}

		@Test
		void componentWithoutATypeArgumentIsRefused() {
			AnnotatedFunctions.assertInvalid(new Object() {

				@Handler
				void on(User user, Raw raw) {
				}

			})
				.withMessageEndingWith("on(User, Raw)': Component 'items' of record '" + SELF + "$Raw': it is a "
						+ "PersistedValue without a type argument. Declare it as PersistedValue<T> with a type for T.");
		}

		@Test
		void unknownTypeArgumentsAreRefused() {
			String action = "Declare a type that has no type variables, '?' or arrays of such types in it.";
			AnnotatedFunctions.assertInvalid(new Object() {

				@Handler
				void on(User user, Wild wild) {
				}

			})
				.withMessageEndingWith("on(User, Wild)': Component 'items' of record '" + SELF
						+ "$Wild': Java does not know what '?' is. " + action);
			AnnotatedFunctions.assertInvalid(new Object() {

				@Handler
				void on(User user, Generic<?> states) {
				}

			}).withMessageEndingWith("on(User, Generic)': Java does not know what '?' is. " + action);
			AnnotatedFunctions.assertInvalid(new RawRecord())
				.withMessageEndingWith("on(User, Generic)': '" + SELF + "$Generic' has no type arguments. "
						+ "Declare them, as in 'Generic<String>'.");
		}

		@Test
		void invalidAnnotationOfAComponentIsRefused() {
			AnnotatedFunctions.assertInvalid(new Object() {

				@Handler
				void on(User user, Soon soon) {
				}

			})
				.withMessageEndingWith("on(User, Soon)': Component 'items' of record '" + SELF
						+ "$Soon': 'soon' is no time to live. Give a number with a unit (ms, s, m, h or d), or an "
						+ "ISO-8601 duration.");
			AnnotatedFunctions.assertInvalid(new Object() {

				@Handler
				void on(User user, Reserved reserved) {
				}

			})
				.withMessageEndingWith("on(User, Reserved)': Component 'batch' of record '" + SELF
						+ "$Reserved': State name 'batch' is used by the cluster itself, so the state would fail the "
						+ "job. Choose another name for the state.");
		}

		@Test
		void stateOfATypeWithoutAMappingIsRefused() {
			AnnotatedFunctions.assertInvalid(new Object() {

				@Handler
				void on(User user, Generic<Thread> states) {
				}

			}).withMessageContaining("state 'items': No mapping for type 'java.lang.Thread'");
		}

	}

	@Nested
	class ByCode {

		private static final FunctionSpec SPEC = FunctionSpec.of(Cluster.FUNCTION).states(Visits.class);

		@Test
		void specDeclaresTheStates() {
			assertThat(SPEC.states()).containsExactly(ValueSpec.of("count", Integer.class),
					ValueSpec.of("last", String.class));
			assertThat(FunctionSpec.of(Cluster.FUNCTION).states(new GenericType<Generic<Set<String>>>() {
			}).states()).containsExactly(ValueSpec.of("items", new GenericType<Set<String>>() {
			}));
		}

		@Test
		void specDeclaresAStateInTheSameWay() {
			assertThat(SPEC.states(Swapped.class).states(Visits.class).states()).isEqualTo(SPEC.states());
			FunctionSpec spec = FunctionSpec.of(Cluster.FUNCTION).state("count", Long.class);
			assertThatIllegalArgumentException().isThrownBy(() -> spec.states(Visits.class))
				.withMessage("Function 'example/function' declares state 'count' in two ways, as state 'count' of "
						+ "type 'java.lang.Long' and as state 'count' of type 'java.lang.Integer'. " + ONE_WAY);
		}

		@Test
		void statesOfARecordAreListed() {
			assertThat(ValueSpec.allOf(Visits.class)).isEqualTo(SPEC.states());
			assertThat(ValueSpec.allOf(new GenericType<Generic<Integer>>() {
			})).containsExactly(ValueSpec.of("items", Integer.class));
			assertThatIllegalArgumentException().isThrownBy(() -> ValueSpec.allOf(Item.class))
				.withMessage("'" + SELF + "$Item' declares no states. Use a record whose components are all "
						+ "PersistedValue.");
			assertThatIllegalArgumentException().isThrownBy(() -> ValueSpec.allOf(Mixed.class))
				.withMessageEndingWith("[PersistedValue items, String owner]. " + PERSISTED);
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void contextReturnsTheRecord(Dialect dialect) {
			Cluster cluster = Cluster.of(dialect, SPEC, (context, message) -> {
				Visits visits = context.states(Visits.class);
				visits.count().set(visits.count().get().orElse(0) + 1);
				context.states(Swapped.class).last().set("x");
			});
			ClusterRequest request = Cluster.request(Values.user("a"))
				.message(Values.user("b"))
				.state("count", Values.integer(40))
				.absentState("last");
			assertThat(cluster.call(request).stateChanges()).containsExactlyInAnyOrder(
					new StateChange("count", Values.integer(42)), new StateChange("last", Values.text("x")));
		}

		@Test
		void contextReturnsARecordWithTypeArguments() {
			GenericType<Generic<Integer>> type = new GenericType<>() {
			};
			Cluster cluster = Cluster.of(Dialect.V3, FunctionSpec.of(Cluster.FUNCTION).states(type),
					(context, message) -> context.states(type).items().set(1));
			assertThat(cluster.call(Cluster.request(Values.user("a")).absentState("items")).stateChanges())
				.containsExactly(new StateChange("items", Values.integer(1)));
		}

		@Test
		void handlerDeclaresTheStatesItself() {
			FunctionHandler function = new FunctionHandler() {

				@Override
				public List<ValueSpec<?>> states() {
					return ValueSpec.allOf(Visits.class);
				}

				@Override
				public void handle(Context context, Any message) {
					context.states(Visits.class).count().set(1);
				}

			};
			assertThat(Cluster.of(Dialect.V3, function)
				.call(Cluster.request(Values.user("a")).absentState("count").absentState("last"))
				.stateChanges()).containsExactly(new StateChange("count", Values.integer(1)));
		}

		@Test
		void recordIsResolvedOnceForAllInvocations() {
			List<String> resolved = new ArrayList<>();
			StatefulFunctions functions = StatefulFunctions.builder()
				.register(FunctionType.parse(Cluster.FUNCTION), FunctionSource.of(new Object() {

					@Handler
					void on(User user, Context context, Placeholders states) {
						resolved.add("called");
						context.states(Placeholders.class).states().set(user);
					}

				}).textResolver((text) -> {
					if (text.contains("$")) {
						resolved.add(text);
					}
					return text.replace("${name}", "user").replace("${ttl}", "1h").replace("${type}", "shop/User");
				}))
				.build();
			Cluster cluster = new Cluster(Dialect.V3, functions);
			cluster.call(Cluster.request(Values.user("a")).message(Values.user("b")).absentState("user"));
			cluster.call(Cluster.request(Values.user("c")).absentState("user"));
			assertThat(resolved).containsExactly("${name}", "${ttl}", "${type}", "called", "${name}", "${ttl}",
					"${type}", "called", "called");
		}

		@Test
		void contextRefusesStatesThatTheFunctionDoesNotDeclare() {
			Cluster cluster = Cluster.of(Dialect.V3, SPEC,
					(context, message) -> context.states(Declared.class).plain().set(1));
			assertThat(cluster.mistake(Cluster.request(Values.user("a")).absentState("count").absentState("last")))
				.isInstanceOf(IllegalStateException.class)
				.hasMessage("Function 'example/function' was asked for the record '" + SELF
						+ "$Declared', but does not declare its state 'plain' of type 'java.lang.Integer'; declared "
						+ "are [state 'count' of type 'java.lang.Integer', state 'last' of type 'java.lang.String']. "
						+ "Add a parameter of the record to a handler, or states(Declared.class) to its FunctionSpec");
		}

		@Test
		void contextRefusesStatesThatAreDeclaredInAnotherWay() {
			Cluster cluster = Cluster.of(Dialect.V3, SPEC,
					(context, message) -> context.states(Expiring.class).count().set(1));
			assertThat(cluster.mistake(Cluster.request(Values.user("a")).absentState("count").absentState("last")))
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("does not declare its state 'count' of type 'java.lang.Integer' expiring PT1H "
						+ "after call; declared are [state 'count' of type 'java.lang.Integer', ");
		}

		@Test
		void contextRefusesARecordThatDeclaresNoStates() {
			Cluster cluster = Cluster.of(Dialect.V3, (context, message) -> context.states(Item.class));
			assertThat(cluster.mistake(Values.user("a"))).isInstanceOf(IllegalArgumentException.class)
				.hasMessage("'" + SELF + "$Item' declares no states. Use a record whose components are all "
						+ "PersistedValue.");
		}

		@Test
		void recordEndsWithItsInvocation() {
			List<Context> contexts = new ArrayList<>();
			List<Visits> records = new ArrayList<>();
			Cluster cluster = Cluster.of(Dialect.V3, SPEC, (context, message) -> {
				contexts.add(context);
				records.add(context.states(Visits.class));
			});
			cluster.call(Cluster.request(Values.user("a")).absentState("count").absentState("last"));
			assertThatIllegalStateException().isThrownBy(() -> contexts.get(0).states(Visits.class))
				.withMessageContaining("was used after its invocation had ended");
			assertThatIllegalStateException().isThrownBy(() -> records.get(0).count().set(1))
				.withMessageContaining("was used after its invocation had ended");
		}

	}

	private record Visits(PersistedValue<Integer> count, PersistedValue<String> last) {

	}

	private record Swapped(PersistedValue<String> last, PersistedValue<Integer> count) {

	}

	private record Twice(@Persisted("count") PersistedValue<Integer> one,
			@Persisted("count") PersistedValue<Integer> two) {

	}

	private record Expiring(@Persisted(expireAfterCall = "1h") PersistedValue<Integer> count) {

	}

	record Declared(PersistedValue<Integer> plain, @Persisted("other-name") PersistedValue<Integer> named,
			@Persisted(expireAfterWrite = "30d") PersistedValue<String> written,
			@Persisted(type = "shop/User", expireAfterCall = "PT5M") PersistedValue<User> called) {

	}

	record Placeholders(
			@Persisted(value = "${name}", expireAfterWrite = "${ttl}", type = "${type}") PersistedValue<User> states) {

	}

	record Generic<T>(PersistedValue<T> items) {

	}

	record Refusing(PersistedValue<Integer> count) {

		Refusing {
			throw new UnsupportedOperationException("refused");
		}

	}

	record Mixed(PersistedValue<Integer> items, String owner) {

	}

	record Bare(@Persisted Integer count) {

	}

	@SuppressWarnings("rawtypes")
	record Raw(PersistedValue items) {

	}

	record Wild(PersistedValue<?> items) {

	}

	record Soon(@Persisted(expireAfterCall = "soon") PersistedValue<Integer> items) {

	}

	record Reserved(PersistedValue<Integer> batch) {

	}

	record Item(String sku) {

	}

	record Show() {

	}

	static class RawRecord {

		@Handler
		@SuppressWarnings("rawtypes")
		void on(User user, Generic states) {
		}

	}

	abstract static class OfRecords<S> {

		@Handler
		void on(User user, S states) {
			write(states);
		}

		abstract void write(S states);

	}

	static class OfIntegerRecords extends OfRecords<Generic<Integer>> {

		@Override
		void write(Generic<Integer> states) {
			states.items().set(1);
		}

	}

	abstract static class Of<T> {

		@Handler
		void on(User user, Generic<T> states) {
			states.items().set(value());
		}

		abstract T value();

	}

	static class OfIntegers extends Of<Integer> {

		@Override
		Integer value() {
			return 1;
		}

	}

}
