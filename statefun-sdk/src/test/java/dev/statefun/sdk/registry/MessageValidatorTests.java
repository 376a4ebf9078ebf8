package dev.statefun.sdk.registry;

import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.Any;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import jakarta.validation.Valid;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link MessageValidator} and annotated handlers.
 */
class MessageValidatorTests {

	private final List<Object> validated = new ArrayList<>();

	@Test
	void annotatedHandlerNeedsAValidator() {
		StatefulFunctions.Builder builder = StatefulFunctions.builder().register(Cluster.FUNCTION, new Validating());
		assertThatExceptionOfType(InvalidFunctionException.class).isThrownBy(builder::build).satisfies((ex) -> {
			assertThat(ex.origin()).isEqualTo("class '" + Validating.class.getName() + "'");
			assertThat(ex.problem()).isEqualTo(
					"handler 'Validating.on(String)': the message is marked with @Valid, " + "but no validator is set");
			assertThat(ex.action())
				.isEqualTo("Set one with StatefulFunctions.builder().validator(...), or remove @Valid");
		});
	}

	@Test
	void handlerOfAllMessagesNeedsAValidator() {
		StatefulFunctions.Builder builder = StatefulFunctions.builder().register(Cluster.FUNCTION, new ValidatingAny());
		assertThatExceptionOfType(InvalidFunctionException.class).isThrownBy(builder::build)
			.withMessageContaining("'ValidatingAny.on(Any)': the message is marked with @Valid");
	}

	@Test
	void annotatedMessagesAreValidated() {
		StatefulFunctions functions = StatefulFunctions.builder()
			.validator(this.validated::add)
			.register(Cluster.FUNCTION, new Validating())
			.register("example/any", new ValidatingAny())
			.build();
		Cluster cluster = new Cluster(Dialect.V3, functions);
		cluster.call(Cluster.request(Values.text("a")).message(Values.integer(1)));
		cluster.call(ClusterRequest.to("example/any", "x").message(Values.text("b")));
		assertThat(this.validated).containsExactly("a", Values.text("b"));
	}

	@Test
	void annotationOfAnOverriddenMethodIsUsedButNotOfAnOverloadedOne() {
		List<Object> functions = List.of(new OfAnInterface(), new OfAGenericInterface(), new OfASuperclass());
		for (Object function : functions) {
			this.validated.clear();
			StatefulFunctions registry = StatefulFunctions.builder()
				.validator(this.validated::add)
				.register(Cluster.FUNCTION, function)
				.build();
			new Cluster(Dialect.V3, registry).call(Cluster.request(Values.text("a")).message(Values.integer(1)));
			assertThat(this.validated).as(function.getClass().getSimpleName()).containsExactly("a");
		}
	}

	@Test
	void validatorIsOnlySuppliedIfAHandlerNeedsIt() {
		StatefulFunctions functions = StatefulFunctions.builder().validatorSupplier(() -> {
			throw new AssertionError("nothing is validated");
		}).register(Cluster.FUNCTION, new Object() {

			@Handler
			void on(String message) {
			}

		}).build();
		assertThat(functions.functions()).hasSize(1);
	}

	interface Texts {

		@Handler
		void on(@Valid String message);

	}

	interface Messages<T> {

		@Handler
		void on(@Valid T message);

	}

	static final class OfAnInterface implements Texts {

		@Override
		public void on(String message) {
		}

		@Handler
		void on(int message) {
		}

	}

	static final class OfAGenericInterface implements Messages<String> {

		@Override
		public void on(String message) {
		}

		@Handler
		void on(int message) {
		}

	}

	abstract static class Superclass {

		@Handler
		void on(@Valid String message) {
		}

	}

	static final class OfASuperclass extends Superclass {

		@Handler
		@Override
		void on(String message) {
		}

		@Handler
		void on(int message) {
		}

	}

	static final class Validating {

		@Handler
		void on(@Valid String message) {
		}

		@Handler
		void on(int message) {
		}

	}

	static final class ValidatingAny {

		@Handler
		void on(@Valid Any message) {
		}

	}

}
