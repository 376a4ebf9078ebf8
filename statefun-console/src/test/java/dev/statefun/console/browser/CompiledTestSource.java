package dev.statefun.console.browser;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;

import org.springframework.test.context.TestContextManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compiles and runs the source of a test.
 */
final class CompiledTestSource {

	private static final Pattern CLASS = Pattern.compile("^(?:public )?class (\\w+)", Pattern.MULTILINE);

	private static final Pattern PACKAGE = Pattern.compile("^package ([\\w.]+);", Pattern.MULTILINE);

	private CompiledTestSource() {
	}

	/** Returns the number of tests that have passed. */
	static int run(String source) throws Exception {
		Path directory = Files.createTempDirectory("generated-test");
		Matcher name = CLASS.matcher(source);
		assertThat(name.find()).as(source).isTrue();
		Matcher packageName = PACKAGE.matcher(source);
		String prefix = packageName.find() ? packageName.group(1) + "." : "";
		compile(Files.writeString(directory.resolve(name.group(1) + ".java"), source), directory);
		// The package of the application's classes, also for what is package-private
		// there
		try (URLClassLoader loader = new URLClassLoader(new URL[] { directory.toUri().toURL() },
				CompiledTestSource.class.getClassLoader())) {
			Thread thread = Thread.currentThread();
			ClassLoader before = thread.getContextClassLoader();
			thread.setContextClassLoader(loader);
			try {
				return run(loader.loadClass(prefix + name.group(1)));
			}
			finally {
				thread.setContextClassLoader(before);
			}
		}
	}

	private static void compile(Path file, Path directory) throws Exception {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
			boolean compiled = compiler
				.getTask(null, files, null,
						List.of("-proc:none", "-d", directory.toString(), "-cp", System.getProperty("java.class.path")),
						null, files.getJavaFileObjects(file))
				.call();
			assertThat(compiled).as(Files.readString(file)).isTrue();
		}
	}

	private static int run(Class<?> type) throws Exception {
		TestContextManager manager = new TestContextManager(type);
		List<Method> tests = Arrays.stream(type.getDeclaredMethods())
			.filter((method) -> method.isAnnotationPresent(Test.class))
			.toList();
		for (Method test : tests) {
			Constructor<?> constructor = type.getDeclaredConstructor();
			constructor.setAccessible(true);
			Object instance = constructor.newInstance();
			manager.prepareTestInstance(instance);
			manager.beforeTestMethod(instance, test);
			test.setAccessible(true);
			test.invoke(instance);
			manager.afterTestMethod(instance, test, null);
		}
		return tests.size();
	}

}
