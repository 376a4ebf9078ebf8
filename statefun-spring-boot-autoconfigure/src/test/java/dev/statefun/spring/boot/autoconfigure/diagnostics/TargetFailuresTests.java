package dev.statefun.spring.boot.autoconfigure.diagnostics;

import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Target;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.FunctionBeanDiscoverer;
import dev.statefun.spring.StatefulFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the failure analyses of typed targets whose function does not take their
 * messages.
 */
class TargetFailuresTests {

	private static final String MISSING = " is for messages of the type '" + CartMessage.class.getName()
			+ "', but function 'test/cart' has no handler for [test/Clear]; it takes [test/AddItem].";

	private static final String ACTION = "Add a handler to bean '" + Cart.class.getName()
			+ "', or declare the target with a type that the function takes.";

	private final WebApplicationContextRunner contextRunner = StartUpFailure.contextRunner();

	static Stream<StartUpFailure> failures() {
		return Stream.of(
				new StartUpFailure("static field", WithField.class,
						"The target of field '" + CheckOut.class.getName() + ".CART'" + MISSING, ACTION),
				new StartUpFailure("bean", WithBean.class, "The target of bean 'carts'" + MISSING, ACTION),
				new StartUpFailure("lazy bean", WithLazyBean.class, "The target of bean 'carts'" + MISSING, ACTION),
				new StartUpFailure("named subtype", WithNamedSubtype.class,
						"The target of bean 'events' is for messages of the type '" + Event.class.getName()
								+ "', but function 'test/events' has no handler for [test/Placed]; it takes [test/Event].",
						"Add a handler to bean '" + Events.class.getName()
								+ "', or declare the target with a type that the function takes."));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void failureIsExplained(StartUpFailure failure) {
		failure.requireExplanation(this.contextRunner);
	}

	@Test
	void targetBeansOfTheRightTypeAreInjected() {
		this.contextRunner.withUserConfiguration(WithRightBeans.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(Injected.class).items.type()).hasToString("test/cart");
			assertThat(context.getBean(Injected.class).remote.type()).hasToString("other/cart");
		});
	}

	@Test
	void functionsThatAreOnlyListedNeedNoTargetBeans() {
		this.contextRunner.withUserConfiguration(Listed.class)
			.run((context) -> assertThat(context).hasSingleBean(StatefulFunctions.class));
	}

	sealed interface CartMessage {

	}

	@MessageType("test/AddItem")
	record AddItem(String sku) implements CartMessage {

	}

	@MessageType("test/Clear")
	record Clear() implements CartMessage {

	}

	@MessageType("test/Event")
	@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
	sealed interface Event {

	}

	// Is sent under this name, which a handler of events does not take
	@MessageType("test/Placed")
	record Placed() implements Event {

	}

	record Shipped() implements Event {

	}

	@StatefulFunction("test/events")
	static class Events {

		@Handler
		void on(Event event) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Events.class)
	static class WithNamedSubtype {

		@Bean
		Target<Event> events() {
			return Target.of("test/events", Event.class);
		}

	}

	@StatefulFunction("test/cart")
	static class Cart {

		@Handler
		void add(AddItem item) {
		}

	}

	@StatefulFunction("test/checkout")
	static class CheckOut {

		private static final Target<CartMessage> CART = Target.of("test/cart", CartMessage.class);

		@Handler
		void on(String message, Context context) {
			context.send(CART.id(message), new Clear());
		}

	}

	@StatefulFunction("test/injected")
	static class Injected {

		private final Target<AddItem> items;

		private final Target<Clear> remote;

		Injected(Target<AddItem> items, Target<Clear> remote) {
			this.items = items;
			this.remote = remote;
		}

		@Handler
		void on(String message, Context context) {
			context.send(this.items.id(message), new AddItem("sku"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Cart.class, CheckOut.class })
	static class WithField {

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Cart.class)
	static class WithBean {

		@Bean
		Target<CartMessage> carts() {
			return Target.of("test/cart", CartMessage.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Cart.class)
	static class WithLazyBean {

		@Bean
		@Lazy
		Target<CartMessage> carts() {
			return Target.of("test/cart", CartMessage.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Cart.class, Injected.class })
	static class WithRightBeans {

		@Bean
		Target<AddItem> items() {
			return Target.of("test/cart", AddItem.class);
		}

		@Bean
		Target<Clear> remote() {
			return Target.of("other/cart", Clear.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Cart.class)
	static class Listed {

		@Bean
		static FunctionBeanDiscoverer discoverer(ConfigurableListableBeanFactory beanFactory) {
			return FunctionBeanDiscoverer.ofTypes(beanFactory);
		}

		@Bean
		@Lazy
		Target<CartMessage> carts() {
			throw new IllegalStateException("needs a database");
		}

	}

}
