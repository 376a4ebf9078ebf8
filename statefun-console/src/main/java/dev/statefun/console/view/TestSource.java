package dev.statefun.console.view;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import com.google.protobuf.Any;
import dev.statefun.console.http.JsonObject;
import dev.statefun.console.record.Effect;
import dev.statefun.console.record.Handling;
import dev.statefun.console.record.MessageRecord;
import dev.statefun.console.record.Origin;
import dev.statefun.console.record.Outcome;
import dev.statefun.console.record.StateChange;
import dev.statefun.console.runtime.ConsoleRuntime;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.FunctionDescriptor.StateDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * Writes a recorded message and what it caused as a test with
 * {@code StatefulFunctionTester}. What comes from outside is in literals, with all but
 * plain characters escaped, and in comments without backslashes, as a compiler would
 * replace Unicode escapes there.
 *
 * @since 0.1.0
 */
public final class TestSource {

	private static final Set<String> TRACES = Set.of("traceparent", "tracestate", "baggage", "b3");

	private final StatefulFunctions functions;

	private final RecordWriter writer;

	private final @Nullable ConsoleRuntime runtime;

	private final String packageName;

	/**
	 * Create a writer.
	 * @param functions the functions
	 * @param writer reads payloads
	 * @param runtime the runtime, if there is one
	 * @param packageName package of the application, or empty
	 */
	public TestSource(StatefulFunctions functions, RecordWriter writer, @Nullable ConsoleRuntime runtime,
			String packageName) {
		this.functions = functions;
		this.writer = writer;
		this.runtime = runtime;
		this.packageName = packageName;
	}

	JsonObject write(MessageRecord record) {
		Source source = new Source(record);
		String className = className(record.origin().target());
		return new JsonObject().with("className", className)
			.with("source", source.write(className))
			.with("notes", source.notes);
	}

	private static String className(Address target) {
		StringBuilder name = new StringBuilder();
		boolean begin = true;
		for (char c : target.type().name().toCharArray()) {
			boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
			if (letter || (c >= '0' && c <= '9' && name.length() > 0)) {
				name.append(begin ? Character.toUpperCase(c) : c);
			}
			begin = !letter;
		}
		return (name.isEmpty() ? "Function" : name) + "ReplayTests";
	}

	private static String literal(String text) {
		StringBuilder literal = new StringBuilder("\"");
		for (char c : text.toCharArray()) {
			if (c == '"' || c == '\\') {
				literal.append('\\').append(c);
			}
			else if (c >= ' ' && c < 0x7f) {
				literal.append(c);
			}
			else if (c == '\n' || c == '\r' || c < ' ') {
				// A Unicode escape of a line break would end the literal
				literal.append(String.format(Locale.ROOT, "\\%03o", (int) c));
			}
			else {
				literal.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
			}
		}
		return literal.append('"').toString();
	}

	private static String duration(Duration duration) {
		return "Duration.parse(" + literal(duration.toString()) + ")";
	}

	/**
	 * A test while it is written.
	 */
	private final class Source {

		private final MessageRecord record;

		private final List<String> notes = new ArrayList<>();

		private final StringBuilder body = new StringBuilder();

		Source(MessageRecord record) {
			this.record = record;
		}

		String write(String className) {
			boolean failed = this.record.outcome() == Outcome.RETRYING;
			given();
			if (failed) {
				line("assertThatExceptionOfType(RequestFailedException.class)");
				line("\t.isThrownBy(() -> " + send() + ");");
			}
			else {
				expect();
			}
			note();
			String text = this.body.toString();
			StringBuilder source = new StringBuilder();
			if (!TestSource.this.packageName.isEmpty()) {
				source.append("package ").append(TestSource.this.packageName).append(";\n\n");
			}
			if (text.contains("Duration.")) {
				source.append("import java.time.Duration;\n");
			}
			source.append("import java.util.Base64;\n\nimport com.google.protobuf.Any;\n")
				.append("import com.google.protobuf.ByteString;\n");
			if (failed) {
				source.append("import dev.statefun.local.RequestFailedException;\n");
			}
			source.append("import dev.statefun.spring.boot.test.autoconfigure.AutoConfigureStatefulFunctionTester;\n")
				.append("import dev.statefun.test.StatefulFunctionTester;\nimport org.junit.jupiter.api.Test;\n\n")
				.append("import org.springframework.beans.factory.annotation.Autowired;\n")
				.append("import org.springframework.boot.test.context.SpringBootTest;\n\n")
				.append("import static org.assertj.core.api.Assertions.")
				.append(failed ? "assertThatExceptionOfType" : "assertThat")
				.append(";\n\n")
				.append("@SpringBootTest(properties = \"statefun.local-runtime.enabled=false\")\n")
				.append("@AutoConfigureStatefulFunctionTester\nclass ")
				.append(className)
				.append(" {\n\n\t@Autowired\n\tprivate StatefulFunctionTester tester;\n\n\t@Test\n\tvoid message")
				.append(this.record.id())
				.append("() {\n")
				.append(text)
				.append("\t}\n\n\tprivate static Any any(String type, String base64) {\n")
				.append("\t\treturn Any.newBuilder()\n\t\t\t.setTypeUrl(type)\n")
				.append("\t\t\t.setValue(ByteString.copyFrom(Base64.getDecoder().decode(base64)))\n")
				.append("\t\t\t.build();\n\t}\n\n}\n");
			return source.toString();
		}

		private void line(String text) {
			this.body.append("\t\t").append(text).append('\n');
		}

		private void given() {
			Handling handling = this.record.handling();
			Set<String> known = new HashSet<>();
			if (handling != null && handling.perMessage()) {
				for (StateChange change : handling.changes()) {
					if (known.add(change.name()) && change.before() != null) {
						given(change.name(), change.before());
					}
				}
			}
			for (StateDescriptor state : states()) {
				ConsoleRuntime runtime = TestSource.this.runtime;
				Any value = (!known.contains(state.name()) && runtime != null)
						? runtime.state(this.record.origin().target(), state.name()) : null;
				if (value != null) {
					given(state.name(), value);
					this.notes
						.add("State '" + state.name() + "' has its present value, as the message did not change it");
				}
			}
		}

		private List<StateDescriptor> states() {
			return TestSource.this.functions.functions()
				.stream()
				.filter((function) -> function.type().equals(this.record.origin().target().type()))
				.findFirst()
				.map(FunctionDescriptor::states)
				.orElse(List.of());
		}

		private void given(String name, Any value) {
			comment(value);
			line("this.tester.given(" + address(this.record.origin().target()) + ")");
			line("\t.state(" + literal(name) + ", " + any(value) + ");");
		}

		private void comment(Any value) {
			line("// " + TestSource.this.writer.line(value).replace('\\', '/').replaceAll("\\p{Cntrl}", " "));
		}

		private String any(Any value) {
			if (TestSource.this.writer.payloads().read(value).masked()) {
				this.notes.add("A masked value is empty here");
				return "any(" + literal(value.getTypeUrl()) + ", \"\")";
			}
			return "any(" + literal(value.getTypeUrl()) + ", \""
					+ Base64.getEncoder().encodeToString(value.getValue().toByteArray()) + "\")";
		}

		private static String address(Address address) {
			return literal(address.type().toString()) + ", " + literal(address.id());
		}

		private String send() {
			Origin origin = this.record.origin();
			StringBuilder send = new StringBuilder("this.tester.send(").append(any(origin.message())).append(')');
			Address caller = origin.caller();
			if (caller != null) {
				send.append(".from(").append(address(caller)).append(')');
			}
			for (Headers.Entry header : origin.headers().all()) {
				if (TRACES.contains(header.key())) {
					continue;
				}
				if (header.value() != null && header.value().isValidUtf8()
						&& !TestSource.this.writer.payloads().hidesHeader(header.key())) {
					send.append(".withHeader(")
						.append(literal(header.key()))
						.append(", ")
						.append(literal(header.value().toStringUtf8()))
						.append(')');
				}
				else {
					this.notes.add("Header '" + header.key() + "' is left out, as it is no text or masked");
				}
			}
			return send.append(".to(").append(address(origin.target())).append(')').toString();
		}

		private void expect() {
			comment(this.record.origin().message());
			Handling handling = this.record.handling();
			List<String> expectations = new ArrayList<>();
			if (handling != null && handling.perMessage() && this.record.outcome() == Outcome.DONE) {
				handling.effects().forEach((effect) -> expect(effect, expectations));
				for (StateChange change : handling.changes()) {
					String state = address(this.record.origin().target()) + ", " + literal(change.name());
					expectations.add((change.after() != null) ? ".hasState(" + state + ", " + any(change.after()) + ")"
							: ".hasNoState(" + state + ")");
				}
				if (handling.effects().isEmpty() && handling.changes().isEmpty()) {
					expectations.add(".hasNothingElse()");
				}
			}
			String last = expectations.isEmpty() ? ".isNotNull();" : "";
			line("assertThat(" + send() + ")" + last);
			for (int i = 0; i < expectations.size(); i++) {
				line("\t" + expectations.get(i) + ((i == expectations.size() - 1) ? ";" : ""));
			}
		}

		private void expect(Effect effect, List<String> expectations) {
			Any message = effect.message();
			Address target = effect.target();
			Duration delay = effect.delay();
			String name = (effect.name() != null) ? literal(effect.name()) : "\"\"";
			String self = address(this.record.origin().target());
			switch (effect.kind()) {
				case MESSAGE, REPLY -> {
					if (message != null && target != null) {
						expectations.add(".hasMessage(" + address(target) + ", " + any(message) + ")");
					}
				}
				case DELAYED -> {
					if (message != null && target != null && delay != null) {
						expectations.add(".hasDelayedMessage(" + duration(delay) + ", " + address(target) + ", "
								+ any(message) + ")");
					}
				}
				case TIMER_STARTED -> {
					if (message != null && delay != null) {
						expectations.add(
								".hasTimer(" + self + ", " + name + ", " + duration(delay) + ", " + any(message) + ")");
					}
				}
				case EGRESS -> {
					if (message != null && effect.egress() != null) {
						expectations.add(".hasEgressRecord(" + literal(effect.egress()) + ", " + any(message) + ")");
					}
				}
				case TIMER_CANCELLED, CANCELLATION ->
					this.notes.add("A cancellation is left out, as what it cancels is not pending in the test");
			}
		}

		private void note() {
			Handling handling = this.record.handling();
			if (this.record.origin().timer() != null) {
				this.notes
					.add("The message is sent by the test, not by the timer '" + this.record.origin().timer() + "'");
			}
			if (handling == null) {
				this.notes.add("The message has not been handled yet, so the test expects nothing");
			}
			else if (!handling.perMessage()) {
				this.notes.add("What the message itself has caused is not known, so the test expects nothing");
			}
			if (handling != null && handling.batch().size() > 1) {
				this.notes.add("The message was in a request with " + handling.batch().size()
						+ " messages; the test sends it alone");
			}
			if (this.record.outcome() == Outcome.SKIPPED || this.record.outcome() == Outcome.DEAD_LETTER) {
				this.notes.add(
						"The message failed, and the failure policy has let the batch go on; the test expects nothing");
			}
		}

	}

}
