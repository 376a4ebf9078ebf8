package dev.statefun.test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.local.Effects;
import dev.statefun.local.Effects.Invocation;
import dev.statefun.local.Effects.TimerDropped;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;

/**
 * Formats a result for failed assertions.
 */
final class Narrative {

	private final Decoder decoder;

	Narrative(Decoder decoder) {
		this.decoder = decoder;
	}

	String of(List<Effects> effects, List<String> remarks) {
		List<String> lines = new ArrayList<>();
		for (Effects reply : effects) {
			for (Invocation invocation : reply.invocations()) {
				lines.add(reply.self() + " handled " + this.decoder.describe(invocation.message())
						+ headers(invocation.headers())
						+ invocation.caller().map((caller) -> " from " + caller).orElse("")
						+ invocation.timer().map((timer) -> " of the timer '" + timer + "'").orElse(""));
			}
			reply.timers()
				.stream()
				.filter(TimerDropped.class::isInstance)
				.forEach((dropped) -> lines.add(reply.self() + " dropped a message of the timer '" + dropped.name()
						+ "', which was started again or cancelled"));
			List<Effect> done = Effect.allOf(reply);
			done.forEach((effect) -> lines.add("  " + of(effect)));
			if (done.isEmpty()) {
				lines.add("  and did nothing");
			}
		}
		lines.addAll(remarks);
		return lines.isEmpty() ? "nothing" : String.join("\n", lines);
	}

	String of(Effect effect) {
		return content(effect) + headers(effect.headers());
	}

	private String content(Effect effect) {
		return switch (effect.kind()) {
			case MESSAGE -> message(effect.sent().target(), this.decoder.describe(effect.sent().message()));
			case DELAYED_MESSAGE -> delayed(effect.sentLater().delay(), effect.sentLater().target(),
					this.decoder.describe(effect.sentLater().message()), effect.sentLater().token());
			case CANCELLATION -> cancellation(effect.token());
			case TIMER ->
				timer(effect.timer().name(), effect.timer().delay(), this.decoder.describe(effect.timer().message()));
			case TIMER_CANCELLATION -> timerCancellation(effect.cancelledTimer());
			case EGRESS_RECORD -> egress(effect.egress().egress(), this.decoder.describe(effect.egress().record()));
			case STATE_CHANGE -> effect.stateChange()
				.value()
				.map((value) -> state(effect.stateChange().name(), value))
				.orElseGet(() -> "state '" + effect.stateChange().name() + "' removed");
		};
	}

	String message(Address target, String message) {
		return "message to " + target + ": " + message;
	}

	String delayed(Duration delay, Address target, String message, Optional<String> token) {
		return "message to " + target + " after " + text(delay)
				+ token.map((text) -> " with the token '" + text + "'").orElse("") + ": " + message;
	}

	private static String text(Duration delay) {
		return delay.toString().substring(2).toLowerCase(Locale.ROOT);
	}

	String cancellation(String token) {
		return "cancellation of the token '" + token + "'";
	}

	String timer(String name, Duration delay, String message) {
		return "timer '" + name + "' after " + text(delay) + ": " + message;
	}

	String timerCancellation(String name) {
		return "cancellation of the timer '" + name + "'";
	}

	static String pendingTimers(Address self, SortedMap<String, Instant> timers, Instant now) {
		return timers.entrySet()
			.stream()
			.map((timer) -> "'" + timer.getKey() + "' in " + text(Duration.between(now, timer.getValue())))
			.collect(Collectors.joining(", ", self + " has the pending timers ", ""));
	}

	String egress(String egress, String record) {
		return "record to egress " + egress + ": " + record;
	}

	String header(String key, ByteString value) {
		return key + ": " + Decoder.show(value);
	}

	private String headers(Headers headers) {
		return headers.isEmpty() ? ""
				: headers.all()
					.stream()
					.map((header) -> (header.value() != null) ? header(header.key(), header.value()) : header.key())
					.collect(Collectors.joining(", ", " with headers {", "}"));
	}

	String state(String name, Any value) {
		return "state '" + name + "': " + this.decoder.describe(value);
	}

}
