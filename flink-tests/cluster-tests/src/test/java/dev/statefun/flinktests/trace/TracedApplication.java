package dev.statefun.flinktests.trace;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Header;
import dev.statefun.sdk.Headers;
import dev.statefun.spring.StatefulFunction;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.slf4j.MDC;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * A traced service whose three functions pass on a number: sent to the second one, after
 * a delay to the third one, whose reply the second one writes to an egress.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ TracedApplication.First.class, TracedApplication.Second.class, TracedApplication.Third.class })
public class TracedApplication {

	/** Egress of the numbers. */
	public static final String EGRESS = "trace/out";

	/** Key of the header that goes on by itself. */
	public static final String TENANT = "tenant";

	private static final String HOP = "hop";

	@Bean
	Spans spans() {
		return new Spans(InMemorySpanExporter.create());
	}

	@Bean
	SpanProcessor spanProcessor(Spans spans) {
		return SimpleSpanProcessor.create(spans.exporter());
	}

	@Bean
	Mismatches mismatches() {
		return new Mismatches();
	}

	/**
	 * Return the tenant that a number belongs to.
	 * @param number the number
	 * @return the value of the header {@link #TENANT}
	 */
	public static String tenantOf(int number) {
		return "tenant-" + number;
	}

	/**
	 * Return the trace that a number belongs to.
	 * @param number the number
	 * @return its id
	 */
	public static String traceOf(int number) {
		return "%032x".formatted(0x10000 + number);
	}

	/**
	 * Spans of the service. The exporter is no bean: Spring Boot would export to it too.
	 *
	 * @param exporter collects the spans
	 */
	public record Spans(InMemorySpanExporter exporter) {

		/**
		 * Return the spans that have ended.
		 * @return the spans
		 */
		public List<SpanData> finished() {
			return this.exporter.getFinishedSpanItems();
		}

	}

	/**
	 * Headers and log contexts that differ from what is expected.
	 */
	public static final class Mismatches {

		private final Queue<String> found = new ConcurrentLinkedQueue<>();

		void check(int number, Headers headers, String hop) {
			Map<String, String> expected = new TreeMap<>(
					Map.of(TENANT, tenantOf(number), HOP, hop, "trace", traceOf(number), "log", traceOf(number)));
			Map<String, String> actual = new TreeMap<>();
			actual.put(TENANT, headers.get(TENANT).orElse("none"));
			actual.put(HOP, headers.get(HOP).orElse("none"));
			actual.put("trace", headers.get("traceparent").map((trace) -> trace.split("-")[1]).orElse("none"));
			actual.put("log", String.valueOf(MDC.get("traceId")));
			if (!actual.equals(expected)) {
				this.found.add(number + ": " + actual);
			}
		}

		/**
		 * Return the mismatches.
		 * @return the mismatches
		 */
		public List<String> found() {
			return List.copyOf(this.found);
		}

	}

	@StatefulFunction("trace/first")
	static class First {

		private final Mismatches mismatches;

		First(Mismatches mismatches) {
			this.mismatches = mismatches;
		}

		@Handler
		void start(int number, Headers headers, Context context) {
			this.mismatches.check(number, headers, "0");
			context.withHeaders(Headers.of(HOP, "1")).send("trace/second", context.self().id(), (long) number);
		}

	}

	@StatefulFunction("trace/second")
	static class Second {

		private final Mismatches mismatches;

		Second(Mismatches mismatches) {
			this.mismatches = mismatches;
		}

		@Handler
		void delay(long number, Headers headers, Context context) {
			this.mismatches.check((int) number, headers, "1");
			context.withHeaders(Headers.of(HOP, "2"))
				.sendAfter(Duration.ofMillis(100), Address.of("trace/third", context.self().id()), (double) number);
		}

		@Handler
		void replied(float number, Headers headers, @Header(TENANT) String tenant, Context context) {
			this.mismatches.check((int) number, headers, "3");
			context.sendEgress(EGRESS, (int) number + " of " + tenant);
		}

	}

	@StatefulFunction("trace/third")
	static class Third {

		private final Mismatches mismatches;

		Third(Mismatches mismatches) {
			this.mismatches = mismatches;
		}

		@Handler
		void reply(double number, Headers headers, Context context) {
			this.mismatches.check((int) number, headers, "2");
			context.withHeaders(Headers.of(HOP, "3")).reply((float) number);
		}

	}

}
