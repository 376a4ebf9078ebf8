package dev.statefun.sdk.registry;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.ValueSpec;
import dev.statefun.sdk.message.DeclaredTypes;
import dev.statefun.sdk.message.GenericType;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.message.MessageCodecFactory;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.FunctionDescriptor.HandlerDescriptor;
import dev.statefun.sdk.registry.FunctionDescriptor.StateDescriptor;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.User;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for messages, states and results of types with type arguments.
 */
class GenericTypesTests {

	private static final Type PAGE_OF_ITEMS = new GenericType<Page<Item>>() {
	}.type();

	private static StatefulFunctions functions(Object function) {
		return StatefulFunctions.builder().codecs(new Words()).register(Cluster.FUNCTION, function).build();
	}

	private static List<Type> messageTypes(Object function) {
		return functions(function).functions().get(0).handlers().stream().map(HandlerDescriptor::messageType).toList();
	}

	private static ThrowableAssertAlternative<InvalidFunctionException> assertRefused(Object function) {
		return assertThatExceptionOfType(InvalidFunctionException.class).isThrownBy(() -> functions(function));
	}

	@Nested
	class Messages {

		@Test
		void typeArgumentsReachTheCodec() {
			assertThat(messageTypes(new Object() {

				@Handler
				void on(Page<Item> page) {
				}

			})).containsExactly(PAGE_OF_ITEMS);
		}

		@Test
		void subclassBindsTheTypeOfAnInheritedHandler() {
			assertThat(messageTypes(new ItemPages())).containsExactly(PAGE_OF_ITEMS);
			assertThat(messageTypes(new Items())).containsExactly(Item.class);
		}

		@Test
		void typeVariableMayOccurTwice() {
			Type pair = new GenericType<Pair<Item, Item>>() {
			}.type();
			assertThat(messageTypes(new ItemPairs())).containsExactly(pair);
		}

		@Test
		void unboundTypeVariableIsItsBound() {
			assertThat(messageTypes(new Object() {

				@Handler
				<T extends Item> void on(Page<T> page) {
				}

			})).containsExactly(PAGE_OF_ITEMS);
		}

		@Test
		void wildcardWithABoundIsItsBound() {
			assertThat(messageTypes(new Object() {

				@Handler
				void on(Page<? extends Item> page) {
				}

			})).containsExactly(PAGE_OF_ITEMS);
		}

		@Test
		void sentObjectsHaveTheTypeArgumentsOfAHandler() {
			StatefulFunctions functions = functions(new Object() {

				@Handler
				void on(Page<Item> page) {
				}

			});
			assertThat(functions.mappings().of(Page.class)).isSameAs(functions.mappings().of(PAGE_OF_ITEMS));
		}

		@Test
		@SuppressWarnings("rawtypes")
		void classWithoutItsTypeArgumentsIsRefused() {
			assertRefused(new Object() {

				@Handler
				void on(Page page) {
				}

			}).withMessageContaining("handler '")
				.withMessageContaining("'" + Page.class.getName() + "' has no type arguments. "
						+ "Declare them, as in 'Page<String>'.");
			assertRefused(new Object() {

				@Handler
				void on(Page<List> page) {
				}

			}).withMessageContaining("'java.util.List' has no type arguments");
		}

		@Test
		void unknownTypeArgumentIsRefused() {
			assertRefused(new Object() {

				@Handler
				void on(Page<?> page) {
				}

			}).withMessageContaining("Java does not know what '?' is");
			assertRefused(new Pages<String>()).withMessageContaining("Java does not know what 'T' is");
		}

		@Test
		void differentTypesOfOneNameAreRefused() {
			assertRefused(new Object() {

				@Handler
				Page<String> on(Page<Item> page) {
					return new Page<>(List.of());
				}

			}).withMessageContaining("Message type 'test/Page' is the name of '")
				.withMessageContaining(Page.class.getName() + "<java.lang.String>'")
				.withMessageContaining(PAGE_OF_ITEMS.getTypeName() + "'")
				.withMessageEndingWith("Give each type a name of its own.");
		}

	}

	@Nested
	class States {

		private static final GenericType<Set<Integer>> NUMBERS = new GenericType<>() {
		};

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void collectionWithATypeNameIsKept(Dialect dialect) {
			StatefulFunctions functions = functions(new Object() {

				@Handler
				void on(User user, Context context,
						@Persisted(value = "numbers", type = "test/numbers") PersistedValue<Set<Integer>> numbers) {
					assertThat(numbers.get()).contains(Set.of(7));
					assertThat(context.state("numbers", NUMBERS).get()).contains(Set.of(7));
					assertThat(context.state("numbers", Set.class).get()).contains(Set.of(7));
					numbers.set(Set.of(8));
				}

			});
			assertThat(functions.functions().get(0).states())
				.containsExactly(new StateDescriptor("numbers", "test/numbers", NUMBERS.type(), Expiration.never()));
			assertThat(new Cluster(dialect, functions)
				.call(Cluster.request(Values.user("a")).state("numbers", value("test/numbers", "[7]")))
				.stateChanges()).containsExactly(new ClusterReply.StateChange("numbers", value("test/numbers", "[8]")));
		}

		@Test
		void collectionWithoutATypeNameIsRefused() {
			assertRefused(new Object() {

				@Handler
				void on(User user, @Persisted("numbers") PersistedValue<Set<Integer>> numbers) {
				}

			}).withMessageContaining("state 'numbers': No mapping for type 'java.util.Set<java.lang.Integer>'. ")
				.withMessageContaining("a state that has a type name, @Persisted(type = \"<namespace>/<name>\")");
		}

		@Test
		void statesCanBeDeclaredByGenericTypes() {
			FunctionSpec spec = FunctionSpec.of(Cluster.FUNCTION).state("numbers", NUMBERS, "test/numbers");
			assertThat(spec.states()).containsExactly(ValueSpec.of("numbers", NUMBERS).typename("test/numbers"))
				.first()
				.hasToString("state 'numbers' of type 'java.util.Set<java.lang.Integer>' as 'test/numbers'");
		}

		@Test
		void statesCanBeReadByTheirDeclaration() {
			ValueSpec<Set<Integer>> numbers = ValueSpec.of("numbers", NUMBERS).typename("test/numbers");
			StatefulFunctions functions = StatefulFunctions.builder()
				.codecs(new Words())
				.register(FunctionSpec.of(Cluster.FUNCTION).state(numbers),
						(context, message) -> assertThat(context.state(numbers).get()).contains(Set.of(7)))
				.build();
			ClusterRequest request = Cluster.request(Values.user("a")).state("numbers", value("test/numbers", "[7]"));
			assertThat(new Cluster(Dialect.V3, functions).call(request).stateChanges()).isEmpty();
		}

		private static Any value(String typename, String text) {
			return Any.newBuilder().setTypeUrl(typename).setValue(ByteString.copyFromUtf8(text)).build();
		}

	}

	@Nested
	class Results {

		@Test
		void typesThatCanBeSentAreAccepted() {
			List<Object> functions = List.of(new Object() {

				@Handler
				CompletionStage<Page<Item>> on(User user) {
					return CompletableFuture.completedStage(new Page<>(List.of()));
				}

			}, new Object() {

				@Handler
				CompletableFuture<Optional<String>> on(User user) {
					return CompletableFuture.completedFuture(Optional.empty());
				}

			}, new Object() {

				@Handler
				CompletionStage<?> on(User user) {
					return CompletableFuture.completedStage(null);
				}

			}, new Object() {

				@Handler
				@Nullable Object on(User user) {
					return null;
				}

			}, new Object() {

				@Handler
				@Nullable Message on(User user) {
					return null;
				}

			}, new Object() {

				@Handler
				@Nullable Answer on(User user) {
					return null;
				}

			});
			assertThat(functions).allSatisfy((function) -> assertThat(functions(function).functions()).hasSize(1));
		}

		// Its variable is bound to itself
		@Test
		@Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
		void stageThatReturnsItselfMayCompleteWithAnything() {
			assertThat(StatefulFunctions.builder().register("test/own", new OwnStage<Item>()).build().functions())
				.hasSize(1);
		}

		@Test
		void typesThatCannotBeSentAreRefused() {
			String action = "Return 'Object' if only the result itself tells its type.";
			assertRefused(new Object() {

				@Handler
				Map<String, Integer> on(User user) {
					return Map.of();
				}

			}).withMessageContaining("result of handler '")
				.withMessageContaining("No mapping for type 'java.util.Map<java.lang.String, java.lang.Integer>'. "
						+ "Put it into a record marked @MessageType(\"<namespace>/<name>\")")
				.withMessageEndingWith(action);
			assertRefused(new Object() {

				@Handler
				CompletionStage<Thread> on(User user) {
					return CompletableFuture.completedStage(Thread.currentThread());
				}

			}).withMessageContaining("No mapping for type 'java.lang.Thread'").withMessageEndingWith(action);
			assertRefused(new Object() {

				@Handler
				Optional<Runnable> on(User user) {
					return Optional.empty();
				}

			}).withMessageContaining("No mapping for type 'java.lang.Runnable'").withMessageEndingWith(action);
			assertRefused(new Object() {

				@Handler
				@Nullable HalfAnswer on(User user) {
					return null;
				}

			}).withMessageContaining("No mapping for type '" + Unnamed.class.getName() + "'");
		}

		@Test
		void reactiveTypesAreRefused() {
			assertRefused(new Object() {

				@Handler
				Single<String> on(User user) {
					return Single.just("a");
				}

			}).withMessageContaining("'io.reactivex.rxjava3.core.Single' is never waited for. Return void, a value to "
					+ "reply, an Optional or a CompletionStage of one.");
			assertRefused(new Object() {

				@Handler
				Completable on(User user) {
					return Completable.complete();
				}

			}).withMessageContaining("'io.reactivex.rxjava3.core.Completable' is never waited for");
			assertRefused(new Object() {

				@Handler
				CompletionStage<Single<String>> on(User user) {
					return CompletableFuture.completedStage(Single.just("a"));
				}

			}).withMessageContaining("'io.reactivex.rxjava3.core.Single' is never waited for");
		}

	}

	@Nested
	class Kotlin {

		@Test
		void unitIsNoReply() {
			List<Object> functions = List.of(new Object() {

				@Handler
				Unit on(User user) {
					return Unit.INSTANCE;
				}

			}, new Object() {

				@Handler
				Object on(User user) {
					return Optional.of(Unit.INSTANCE);
				}

			}, new Object() {

				@Handler
				CompletionStage<Unit> on(User user) {
					return CompletableFuture.completedStage(Unit.INSTANCE);
				}

			}, new Object() {

				@Handler
				CompletionStage<Optional<Unit>> on(User user) {
					return CompletableFuture.completedStage(Optional.of(Unit.INSTANCE));
				}

			});
			assertThat(functions).allSatisfy(
					(function) -> assertThat(new Cluster(Dialect.V3, functions(function)).call(Values.user("a")).sent())
						.isEmpty());
		}

		@Test
		void suspendFunctionIsRefused() {
			assertRefused(new Object() {

				@Handler
				@Nullable Object on(User user, Continuation<? super Unit> continuation) {
					return null;
				}

			}).withMessageContaining(
					"on(User, Continuation)' is a suspend function. Make it a function without 'suspend'");
		}

	}

	static class Base<T> {

		@Handler
		void on(T message) {
		}

	}

	static class Items extends Base<Item> {

	}

	static class Pages<T> extends Base<Page<T>> {

	}

	static class ItemPages extends Pages<Item> {

	}

	static class OwnStage<T> extends CompletableFuture<T> {

		@Handler
		OwnStage<T> on(User user) {
			return this;
		}

	}

	static class Pairs<T> extends Base<Pair<T, T>> {

	}

	static class ItemPairs extends Pairs<Item> {

	}

	record Pair<A, B>(A first, B second) {

	}

	record Item(String name) {

	}

	record Page<T>(List<T> items) {

	}

	record Unnamed() implements HalfAnswer {

	}

	sealed interface Answer {

	}

	record Yes() implements Answer {

	}

	record No() implements Answer {

	}

	sealed interface HalfAnswer {

	}

	/**
	 * Maps all but one of the types of this class, and sets of numbers that have a name.
	 */
	private static final class Words implements MessageCodecFactory {

		@Override
		public @Nullable MessageCodec<?> codecFor(Type type) {
			Class<?> valueClass = DeclaredTypes.classOf(type);
			boolean named = List.of(Item.class, Page.class, Pair.class, Yes.class, No.class).contains(valueClass);
			return named ? new Word(type, "test/" + valueClass.getSimpleName()) : null;
		}

		@Override
		public @Nullable MessageCodec<?> codecFor(Type type, String typename) {
			return type.equals(States.NUMBERS.type()) ? new Word(type, typename) : null;
		}

	}

	private record Word(Type type, String typename) implements MessageCodec<Object> {

		@Override
		public boolean immutable() {
			return false;
		}

		@Override
		public Object decode(byte[] buffer, int offset, int length) {
			String text = new String(buffer, offset, length, StandardCharsets.UTF_8);
			return Set.of(Integer.parseInt(text.substring(1, text.length() - 1)));
		}

		@Override
		public byte[] encode(Object value) {
			return value.toString().getBytes(StandardCharsets.UTF_8);
		}

	}

}
