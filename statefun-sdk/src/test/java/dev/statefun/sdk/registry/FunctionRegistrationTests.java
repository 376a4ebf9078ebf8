package dev.statefun.sdk.registry;

import java.time.Duration;
import java.util.List;

import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.User;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests for the registration of functions. A type that is registered twice is refused, as
 * in the Java and Go SDKs; in those of Python and JavaScript the last one silently wins.
 */
class FunctionRegistrationTests {

	@Test
	void secondRegistrationOfATypeIsRefusedWithBothOrigins() {
		StatefulFunctions.Builder builder = StatefulFunctions.builder().register("example/f", new First());
		assertThatExceptionOfType(DuplicateFunctionException.class)
			.isThrownBy(() -> builder.register("example/f", new Second()))
			.satisfies((ex) -> assertThat(ex.type()).hasToString("example/f"))
			.satisfies((ex) -> assertThat(ex.first()).contains("First"))
			.satisfies((ex) -> assertThat(ex.second()).contains("Second"))
			.withMessageContaining(First.class.getName())
			.withMessageContaining(Second.class.getName());
	}

	@Test
	void firstRegistrationStaysWhenTheSecondIsRefused() {
		StatefulFunctions.Builder builder = StatefulFunctions.builder().register("example/f", new First());
		assertThatExceptionOfType(DuplicateFunctionException.class)
			.isThrownBy(() -> builder.register("example/f", new Second()));
		assertThat(builder.build().functions()).singleElement()
			.satisfies((function) -> assertThat(function.origin()).contains("First"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/", "f", "/f", "example/", " /f", "example/ " })
	void typenameNeedsTwoPartsThatAreNotEmpty(String typename) {
		assertThatIllegalArgumentException().isThrownBy(() -> FunctionType.parse(typename))
			.withMessageContaining("'<namespace>/<name>'");
		assertThatIllegalArgumentException().isThrownBy(() -> FunctionSpec.of(typename));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> StatefulFunctions.builder().register(typename, new First()));
	}

	@Test
	void typenameIsSplitAtItsLastSlash() {
		assertThat(FunctionType.parse("a/b/c")).isEqualTo(FunctionType.of("a/b", "c"));
		assertThatIllegalArgumentException().isThrownBy(() -> FunctionType.of("a", "b/c"));
	}

	@Test
	@NullUnmarked
	void nullFunctionsAndTypesAreRefused() {
		StatefulFunctions.Builder builder = StatefulFunctions.builder();
		assertThatNullPointerException().isThrownBy(() -> builder.register("example/f", null));
		assertThatNullPointerException().isThrownBy(() -> builder.register((String) null, new First()));
		assertThatNullPointerException()
			.isThrownBy(() -> builder.register(FunctionSpec.of("example/f"), (FunctionHandler) null));
		assertThatNullPointerException()
			.isThrownBy(() -> builder.register(FunctionType.parse("example/f"), (FunctionSource) null));
		assertThatNullPointerException().isThrownBy(() -> new RequestReplyHandler(null));
		assertThatNullPointerException().isThrownBy(() -> new RequestReplyHandler(builder.build()).handle(null));
	}

	@Test
	void functionsAreDescribedInOrderOfRegistration() {
		StatefulFunctions functions = StatefulFunctions.builder()
			.register(FunctionSpec.of("z/z").state("count", Count.class, Expiration.afterWrite(Duration.ofDays(1))),
					(context, message) -> {
					})
			.register("a/a", new First())
			.build();
		assertThat(functions.functions()).extracting((function) -> function.type().toString())
			.containsExactly("z/z", "a/a");
		assertThat(functions.functions().get(0).states()).containsExactly(new FunctionDescriptor.StateDescriptor(
				"count", "type.googleapis.com/example.Count", Count.class, Expiration.afterWrite(Duration.ofDays(1))));
		assertThat(functions.functions().get(1).handlers()).containsExactly(new FunctionDescriptor.HandlerDescriptor(
				"type.googleapis.com/example.User", User.class, "First.greet(User)", List.of()));
	}

	static class First {

		@Handler
		void greet(User user) {
		}

	}

	static class Second {

		@Handler
		void greet(User user) {
		}

	}

}
