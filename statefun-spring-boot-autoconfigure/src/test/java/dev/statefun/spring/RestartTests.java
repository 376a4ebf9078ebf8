package dev.statefun.spring;

import java.beans.Introspector;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import com.google.protobuf.ByteString;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.json.StatefunJacksonAutoConfiguration;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.CachedIntrospectionResults;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for an application that is restarted in one JVM with reloaded classes, as by
 * DevTools.
 */
class RestartTests {

	private static final int ATTEMPTS = 100;

	// The JVM clears soft references, which the caches of the JDK and of Spring use. The
	// configuration of these tests is absent, because Boot keeps its origin
	@ParameterizedTest
	@ValueSource(strings = { "Counting", "Shopping" })
	void restartUsesTheNewClassesAndFreesTheOldOnes(String function) throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:SoftRefLRUPolicyMSPerMB=0",
				"-Dspring.config.location=optional:classpath:/none/", "-cp", classPath(), Restarts.class.getName(),
				function)
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as(output).isZero();
		assertThat(output).contains("first is freed").contains("second is freed").contains("held is kept");
	}

	// Without DevTools, which this test emulates: it would keep the contexts for its own
	// restart
	private static String classPath() {
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !entry.contains("spring-boot-devtools"))
			.collect(Collectors.joining(File.pathSeparator));
	}

	private static WeakReference<ClassLoader> startCallAndClose(String function) throws Exception {
		ThrowAwayClassLoader loader = new ThrowAwayClassLoader();
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		thread.setContextClassLoader(loader);
		try {
			Class<?> type = loader.loadClass(RestartTests.class.getName() + "$" + function);
			assertThat(type.getClassLoader()).isSameAs(loader);
			SpringApplication application = new SpringApplication(new DefaultResourceLoader(loader), type);
			if (!function.equals("Plain")) {
				application.addPrimarySources(List.of(loader.loadClass(Application.class.getName())));
			}
			application.setWebApplicationType(WebApplicationType.NONE);
			application.setRegisterShutdownHook(false);
			try (ConfigurableApplicationContext context = application.run()) {
				assertThat(context.getBean(type).getClass().getClassLoader()).isSameAs(loader);
				if (!function.equals("Plain")) {
					call(context.getBean(RequestReplyHandler.class), function);
				}
			}
		}
		finally {
			thread.setContextClassLoader(before);
			forget(loader);
		}
		return new WeakReference<>(loader);
	}

	private static void call(RequestReplyHandler handler, String function) {
		if (function.equals("Counting")) {
			byte[] request = ClusterRequest.v3("test/counting", "joe").intState("total", 40).message(2).toByteArray();
			assertThat(ClusterReply.v3(handler.handle(request).toCompletableFuture().join()).intStates())
				.containsEntry("total", 42);
			return;
		}
		byte[] request = ClusterRequest.v3("test/shopping", "joe")
			.absentState("last")
			.message("shop/Item", ByteString.copyFromUtf8("{\"sku\":\"tea\"}"))
			.toByteArray();
		assertThat(ClusterReply.v3(handler.handle(request).toCompletableFuture().join()).messages())
			.containsExactly("test/stock/tea=shop/Item:{\"sku\":\"tea\"}");
	}

	// Clears the caches of the JDK and of Spring, as DevTools' Restarter does
	private static void forget(ClassLoader loader) {
		Introspector.flushCaches();
		CachedIntrospectionResults.clearClassLoader(loader);
		ReflectionUtils.clearCache();
		AnnotationUtils.clearCache();
		ResolvableType.clearCache();
	}

	private static void requireFreed(WeakReference<ClassLoader> loader) throws InterruptedException {
		for (int i = 0; i < ATTEMPTS && loader.get() != null; i++) {
			System.gc();
			Thread.sleep(20);
		}
		assertThat(loader.get()).as("class loader of a closed application").isNull();
	}

	/**
	 * Program of the other JVM.
	 */
	public static final class Restarts {

		private Restarts() {
		}

		public static void main(String[] arguments) throws Exception {
			// Some initializations happen once per JVM and keep the first class loader,
			// with or without stateful functions
			startCallAndClose("Plain");
			WeakReference<ClassLoader> first = startCallAndClose(arguments[0]);
			WeakReference<ClassLoader> second = startCallAndClose(arguments[0]);
			Class<?> held = new ThrowAwayClassLoader().loadClass(RestartTests.class.getName() + "$Counting");
			WeakReference<ClassLoader> holding = new WeakReference<>(held.getClassLoader());
			requireFreed(first);
			System.out.println("first is freed");
			requireFreed(second);
			System.out.println("second is freed");
			assertThat(holding.get()).isSameAs(held.getClassLoader());
			System.out.println("held is kept");
		}

	}

	/**
	 * Reloads the classes of this test, and delegates all others to its parent.
	 */
	private static final class ThrowAwayClassLoader extends ClassLoader {

		private ThrowAwayClassLoader() {
			super(RestartTests.class.getClassLoader());
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (!name.startsWith(RestartTests.class.getName())) {
				return super.loadClass(name, resolve);
			}
			synchronized (getClassLoadingLock(name)) {
				Class<?> loaded = findLoadedClass(name);
				return (loaded != null) ? loaded : define(name);
			}
		}

		private Class<?> define(String name) throws ClassNotFoundException {
			try (InputStream stream = getResourceAsStream(name.replace('.', '/') + ".class")) {
				byte[] bytes = Objects.requireNonNull(stream).readAllBytes();
				return defineClass(name, bytes, 0, bytes.length);
			}
			catch (IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

	}

	@StatefulFunction("test/counting")
	static class Counting {

		@Handler
		void on(int amount, @Persisted("total") PersistedValue<Integer> total) {
			total.set(total.get().orElse(0) + amount);
		}

	}

	static class Plain {

	}

	@MessageType("shop/Item")
	record Item(String sku) {

	}

	@StatefulFunction("test/shopping")
	static class Shopping {

		@Handler
		void on(Item item, @Persisted("last") PersistedValue<Item> last, Context context) {
			last.set(item);
			context.send("test/stock", item.sku(), item);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ StatefunAutoConfiguration.class, StatefunJacksonAutoConfiguration.class,
			JacksonAutoConfiguration.class })
	static class Application {

	}

}
