package dev.statefun.sdk;

import java.io.File;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import com.google.protobuf.Any;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what the compiler accepts for typed targets and egresses.
 */
class TypedSendingCompilationTests {

	private static final String SOURCE = """
			import java.time.Duration;
			import dev.statefun.sdk.*;
			import dev.statefun.sdk.egress.*;
			class Sender {
				sealed interface CartMessage { }
				record AddItem(String sku) implements CartMessage { }
				record Clear() implements CartMessage { }
				record Order(String id) { }
				static final Target<CartMessage> CART = Target.of("shop/cart", CartMessage.class);
				static final Target<Long> COUNT = Target.of("shop/count", long.class);
				static final Egress<Order> ORDERS = Egress.of("orders", Order.class);
				void send(Context context, CancellationToken token, CartMessage any, TargetAddress<?> unknown) {
					%s;
				}
			}
			""";

	@TempDir
	Path classes;

	@ParameterizedTest
	@ValueSource(strings = { "context.send(CART.id(\"joe\"), new AddItem(\"sku\"))",
			"context.send(CART.id(\"joe\"), new Clear())", "context.send(CART.id(\"joe\"), any)",
			"context.send(COUNT.id(\"joe\"), 1L)",
			"context.sendAfter(Duration.ofDays(1), CART.id(\"joe\"), new AddItem(\"sku\"))",
			"context.sendAfter(Duration.ofDays(1), CART.id(\"joe\"), new AddItem(\"sku\"), token)",
			"context.send(CART.id(\"joe\").address(), new Order(\"1\"))",
			"context.sendEgress(ORDERS, new Order(\"1\"))", "context.sendEgress(ORDERS, \"key\", new Order(\"1\"))" })
	void rightMessageCompiles(String call) {
		assertThat(errors(call)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "context.send(CART.id(\"joe\"), new Order(\"1\"))",
			"context.send(CART.id(\"joe\"), \"text\")", "context.send(COUNT.id(\"joe\"), 1)",
			"context.send(unknown, new AddItem(\"sku\"))",
			"context.sendAfter(Duration.ofDays(1), CART.id(\"joe\"), new Order(\"1\"))",
			"context.sendAfter(Duration.ofDays(1), CART.id(\"joe\"), new Order(\"1\"), token)",
			"Address address = CART.id(\"joe\")", "context.sendEgress(ORDERS, new AddItem(\"sku\"))",
			"context.sendEgress(ORDERS, \"key\")", "context.sendEgress(ORDERS, \"key\", new AddItem(\"sku\"))" })
	void wrongMessageDoesNotCompile(String call) {
		// One error in the line of the call, so that nothing else is wrong with it
		assertThat(errors(call)).singleElement().satisfies((error) -> assertThat(error.getLineNumber()).isEqualTo(13));
	}

	private List<Diagnostic<? extends JavaFileObject>> errors(String call) {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		assertThat(compiler).as("the compiler of a JDK").isNotNull();
		DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
		String classpath = Stream.of(Context.class, Any.class, NullMarked.class)
			.map(TypedSendingCompilationTests::location)
			.collect(Collectors.joining(File.pathSeparator));
		compiler
			.getTask(new StringWriter(), null, diagnostics,
					List.of("-proc:none", "-cp", classpath, "-d", this.classes.toString()), null,
					List.of(new Source(SOURCE.formatted(call))))
			.call();
		return diagnostics.getDiagnostics()
			.stream()
			.filter((diagnostic) -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
			.toList();
	}

	private static String location(Class<?> type) {
		try {
			return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A source file in memory.
	 */
	private static final class Source extends SimpleJavaFileObject {

		private final String text;

		Source(String text) {
			super(URI.create("string:///Sender.java"), Kind.SOURCE);
			this.text = text;
		}

		@Override
		public CharSequence getCharContent(boolean ignoreEncodingErrors) {
			return this.text;
		}

	}

}
