package dev.statefun.console;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compiles and runs the source of a test, as a developer does who has copied it.
 */
public final class CompiledTestSource {

	private static final Pattern CLASS = Pattern.compile("^(?:public )?class (\\w+)", Pattern.MULTILINE);

	private static final Pattern PACKAGE = Pattern.compile("^package ([\\w.]+);", Pattern.MULTILINE);

	private CompiledTestSource() {
	}

	/**
	 * Run the one test of a class, which has to pass.
	 * @param source source of the class
	 * @throws IOException if the source or the classes can't be written or read
	 * @throws ClassNotFoundException if the compiled source has no class of that name
	 */
	public static void assertPasses(String source) throws IOException, ClassNotFoundException {
		Path directory = Files.createTempDirectory("generated-test");
		try {
			assertPasses(source, directory);
		}
		finally {
			FileSystemUtils.deleteRecursively(directory);
		}
	}

	private static void assertPasses(String source, Path directory) throws IOException, ClassNotFoundException {
		Matcher name = CLASS.matcher(source);
		assertThat(name.find()).as(source).isTrue();
		Matcher packageName = PACKAGE.matcher(source);
		String prefix = packageName.find() ? packageName.group(1) + "." : "";
		compile(Files.writeString(directory.resolve(name.group(1) + ".java"), source), directory);
		ClassLoader parent = CompiledTestSource.class.getClassLoader();
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		try (URLClassLoader loader = new URLClassLoader(new URL[] { directory.toUri().toURL() }, parent)) {
			thread.setContextClassLoader(loader);
			EngineTestKit.engine("junit-jupiter")
				.selectors(DiscoverySelectors.selectClass(loader.loadClass(prefix + name.group(1))))
				.execute()
				.testEvents()
				.assertStatistics((statistics) -> statistics.succeeded(1).failed(0));
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	private static void compile(Path file, Path directory) throws IOException {
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

}
