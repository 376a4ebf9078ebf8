package dev.statefun.sdk.registry;

import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.Stream;

import com.google.protobuf.Any;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.testwire.example.Admin;
import dev.statefun.testwire.example.User;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Handler @Handler} methods that are refused at start-up.
 */
class InvalidHandlersTests {

	@Test
	void twoMessageParametersAreRefused() {
		AnnotatedFunctions.assertInvalid(new Object() {

			@Handler
			void on(User user, Admin admin) {
			}

		})
			.withMessageContaining("on(User, Admin)' has two parameters that could be the message")
			.withMessageContaining("'" + User.class.getName() + "' and '" + Admin.class.getName() + "'");
	}

	@Test
	void handlerWithoutAMessageParameterIsRefused() {
		AnnotatedFunctions.assertInvalid(new Object() {

			@Handler
			void on(Context context, @Persisted("a") PersistedValue<Integer> a) {
			}

		}).withMessageContaining("on(Context, PersistedValue)' has no parameter for the message");
		AnnotatedFunctions.assertInvalid(new Object() {

			@Handler
			void on() {
			}

		}).withMessageContaining("on()' has no parameter for the message");
	}

	@Test
	void staticHandlerIsRefused() {
		AnnotatedFunctions.assertInvalid(new StaticHandler())
			.withMessageContaining("StaticHandler.on(User)' is static. Make it an instance method");
	}

	@Test
	void resultThatIsNeverAwaitedIsRefused() {
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
		assertThat(functions).allSatisfy((function) -> AnnotatedFunctions.assertInvalid(function)
			.withMessageContaining("is never waited for. Return void"));
	}

	@Test
	void twoHandlersOfOneTypeAreRefused() {
		AnnotatedFunctions.assertInvalid(new Object() {

			@Handler
			void one(User user) {
			}

			@Handler
			void two(Context context, User user) {
			}

		})
			.withMessageContaining("one(User)' and '")
			.withMessageContaining("two(Context, User)' both take messages of the type "
					+ "'type.googleapis.com/example.User'. Keep one handler for each type");
	}

	@Test
	void twoHandlersOfAllMessagesAreRefused() {
		AnnotatedFunctions.assertInvalid(new Object() {

			@Handler
			void one(Any any) {
			}

			@Handler
			void two(Any any, Context context) {
			}

		}).withMessageContaining("both take messages of the type 'google.protobuf.Any'");
	}

	@Test
	void handlersOfAPrimitiveAndItsWrapperAreRefused() {
		AnnotatedFunctions.assertInvalid(new Object() {

			@Handler
			void one(int number) {
			}

			@Handler
			void two(Integer number) {
			}

		}).withMessageContaining("both take messages of the type 'io.statefun.types/int'");
	}

	@Test
	void functionHandlerWithHandlerMethodsIsRefused() {
		AnnotatedFunctions.assertInvalid(new Both())
			.withMessageContaining("is a FunctionHandler and has @Handler methods");
	}

	@Test
	void objectWithoutAHandlerIsRefused() {
		AnnotatedFunctions.assertInvalid("a text")
			.withMessageContaining("class 'java.lang.String'")
			.withMessageContaining("has no @Handler method and is no FunctionHandler");
	}

	@Test
	void messageOfATypeWithoutAMappingIsRefused() {
		AnnotatedFunctions.assertInvalid(new Object() {

			@Handler
			void on(Thread thread) {
			}

		})
			.withMessageContaining("handler '")
			.withMessageContaining("on(Thread)': No mapping for type 'java.lang.Thread'");
	}

	@Test
	void methodThatCannotBeCalledIsRefused() {
		FunctionSource function = FunctionSource.of(new HandlerMethodsTests.Union()).callableMethod((method) -> {
			throw new IllegalStateException("the proxy has no such method");
		});
		StatefulFunctions.Builder builder = StatefulFunctions.builder()
			.register(FunctionType.parse("example/f"), function);
		assertThatExceptionOfType(InvalidFunctionException.class).isThrownBy(builder::build)
			.withMessageContaining("can't be called: the proxy has no such method");
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
