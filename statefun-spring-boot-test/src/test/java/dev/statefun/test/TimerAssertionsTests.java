package dev.statefun.test;

import java.time.Duration;
import java.util.function.Consumer;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.handler.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the assertions on named timers.
 */
class TimerAssertionsTests {

	private static final String CART = "shop/cart";

	private static final Duration HOUR = Duration.ofHours(1);

	private static StatefulFunctionTester tester(Protocol protocol) {
		return StatefulFunctionTester.of(CART, new Reminding()).protocol(protocol);
	}

	private static FunctionTestResult started() {
		return tester(Protocol.V3).send("start").to(CART, "joe");
	}

	private static void assertFails(FunctionTestResult result, Consumer<FunctionTestResultAssert> assertion,
			String message) {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertion.accept(assertThat(result)))
			.withMessage(message);
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void timerIsStartedFiresAndIsCancelled(Protocol protocol) {
		StatefulFunctionTester tester = tester(protocol);
		assertThat(tester.send("start").to(CART, "joe")).hasTimer("remind", HOUR, "fired")
			.withHeader("tenant", "acme")
			.hasNoStateChanges()
			.hasNothingElse();
		assertThat(tester.advance(HOUR)).firesTimer("remind")
			.firesTimer(CART, "joe", "remind")
			.hasMessage("shop/mail", "joe", "fired")
			.hasNothingElse();
		assertThat(tester.send("start", "cancel").to(CART, "joe")).hasNothingElse();
		tester.send("start").to(CART, "joe");
		assertThat(tester.send("cancel").to(CART, "joe")).hasCancelledTimer("remind").hasNothingElse();
		assertThat(tester.advance(HOUR.multipliedBy(2))).hasNoMessages().hasNothingElse();
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void timerThatIsStartedAgainFiresOnce(Protocol protocol) {
		StatefulFunctionTester tester = tester(protocol);
		tester.send("start").to(CART, "joe");
		tester.advance(HOUR.minusMillis(1));
		assertThat(tester.send("start").to(CART, "joe")).hasTimer("remind", HOUR, "fired").hasNothingElse();
		assertThat(tester.advance(HOUR.minusMillis(1))).hasNothingElse();
		assertThat(tester.advance(Duration.ofMillis(1))).firesTimer("remind");
	}

	@Test
	void otherTimerIsNotFound() {
		String happened = """
				What happened:
				  shop/cart/joe handled io.statefun.types/string "start"
				    timer 'remind' after 1h: io.statefun.types/string "fired" with headers {tenant: "acme"}
				  shop/cart/joe has the pending timers 'remind' in 1h""";
		assertFails(started(), (started) -> started.hasTimer("remind", HOUR, "other"), """

				Expecting:
				  timer 'remind' after 1h: io.statefun.types/string "other" by shop/cart/joe
				""" + happened);
		assertFails(started(), (started) -> started.hasTimer(CART, "ann", "remind", HOUR, "fired"), """

				Expecting:
				  timer 'remind' after 1h: io.statefun.types/string "fired" by shop/cart/ann
				""" + happened);
		assertFails(started(), (started) -> started.hasCancelledTimer("remind"), """

				Expecting:
				  cancellation of the timer 'remind' by shop/cart/joe
				""" + happened);
		assertFails(started(), (started) -> started.firesTimer("remind"), """

				Expecting a function to handle a message of the timer 'remind'.
				""" + happened);
		assertFails(started(), FunctionTestResultAssert::hasNothingElse, """

				Expecting nothing else, but there was:
				  shop/cart/joe: timer 'remind' after 1h: io.statefun.types/string "fired" with headers {tenant: "acme"}
				""" + happened);
		assertFails(started(), FunctionTestResultAssert::hasNoMessages, """

				Expecting no message, but there was:
				  shop/cart/joe: timer 'remind' after 1h: io.statefun.types/string "fired" with headers {tenant: "acme"}
				""" + happened);
	}

	@Test
	void reportNamesTimersThatFireAreCancelledOrDropped() {
		StatefulFunctionTester tester = tester(Protocol.V2);
		tester.send("start").to(CART, "joe");
		assertThat(tester.send("cancel").to(CART, "joe").toString()).isEqualTo("""
				shop/cart/joe handled io.statefun.types/string "cancel"
				  cancellation of the timer 'remind'""");
		assertThat(tester.advance(HOUR).toString()).isEqualTo("""
				shop/cart/joe dropped a message of the timer 'remind', which was started again or cancelled
				  and did nothing""");
		tester.send("start").to(CART, "joe");
		assertThat(tester.advance(HOUR).toString()).startsWith(
				"shop/cart/joe handled io.statefun.types/string \"fired\" with headers {tenant: \"acme\"} of the timer "
						+ "'remind'\n  message to shop/mail/joe");
	}

	@Test
	void instanceIsNamedIfNoMessageWasSent() {
		assertFails(tester(Protocol.V3).advance(HOUR), (advanced) -> advanced.hasTimer("remind", HOUR, "fired"),
				"No message was sent, so name the function instance: 'hasTimer(typename, id, name, delay, message)'");
	}

	/**
	 * Starts and cancels a timer, and tells others that it fired.
	 */
	static final class Reminding {

		@Handler
		void on(String command, Timers timers, Context context) {
			switch (command) {
				case "start" ->
					Timers.of(context.withHeaders(Headers.of("tenant", "acme"))).start("remind", HOUR, "fired");
				case "cancel" -> timers.cancel("remind");
				default -> context.send("shop/mail", context.self().id(), command);
			}
		}

	}

}
