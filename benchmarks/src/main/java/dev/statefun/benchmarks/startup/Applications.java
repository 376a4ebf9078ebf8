package dev.statefun.benchmarks.startup;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

import dev.statefun.benchmarks.fork.ClassPath;
import dev.statefun.benchmarks.fork.JavaCommand;

import org.springframework.util.FileSystemUtils;

/**
 * Applications with generated beans, each started in a JVM of its own. The starter is not
 * on the class path of applications without it.
 */
final class Applications implements AutoCloseable {

	private static final List<String> PROGRAM = List.of("StartedApplication", "StartedApplication$Registry", "Beans");

	/** Packages of the modules that the starter brings. */
	private static final List<String> STARTER = List.of("sdk", "module", "endpoint", "spring");

	private static final long SECONDS = 120;

	private final Path classes;

	private final List<String> starter = new ArrayList<>();

	private final List<String> libraries = new ArrayList<>();

	private Applications(Path classes) {
		this.classes = classes;
	}

	static Applications generate(int most) throws IOException {
		Applications applications = new Applications(Files.createTempDirectory("startup"));
		try {
			applications.sortClassPath();
			applications.copyProgram();
			applications.compileBeans(most);
			return applications;
		}
		catch (Throwable ex) {
			applications.close();
			throw ex;
		}
	}

	private void sortClassPath() throws IOException {
		for (Path entry : ClassPath.entries()) {
			if (isOfStarter(entry)) {
				this.starter.add(entry.toString());
			}
			else if (!ClassPath.has(entry, "dev/statefun/")) {
				this.libraries.add(entry.toString());
			}
		}
	}

	private static boolean isOfStarter(Path entry) throws IOException {
		for (String name : STARTER) {
			if (ClassPath.has(entry, "dev/statefun/" + name + "/")) {
				return true;
			}
		}
		return false;
	}

	private void copyProgram() throws IOException {
		for (String name : PROGRAM) {
			Class<?> program = StartedApplication.class;
			String file = program.getPackageName().replace('.', '/') + "/" + name + ".class";
			Path target = this.classes.resolve(file);
			Files.createDirectories(target.getParent());
			try (InputStream in = program.getClassLoader().getResourceAsStream(file)) {
				if (in == null) {
					throw new IllegalStateException("There is no " + file + " on the class path");
				}
				Files.copy(in, target);
			}
		}
	}

	private void compileBeans(int most) throws IOException {
		List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", this.classes.toString(), "-cp",
				String.join(File.pathSeparator, this.starter)));
		for (Beans beans : Beans.values()) {
			for (int i = 0; i < most; i++) {
				Path source = this.classes.resolve(beans.className(i) + ".java");
				Files.writeString(source, beans.source(i));
				arguments.add(source.toString());
			}
		}
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		if (compiler == null) {
			throw new IllegalStateException("Beans are compiled here: run this with a JDK, not with a JRE");
		}
		if (compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
			throw new IllegalStateException("The generated beans can't be compiled");
		}
	}

	Start start(Beans beans, int count) throws IOException, InterruptedException {
		List<String> path = new ArrayList<>(List.of(this.classes.toString()));
		if (beans.areFunctions()) {
			path.addAll(this.starter);
		}
		path.addAll(this.libraries);
		Path output = this.classes.resolve("output");
		Process process = JavaCommand.steady()
			.run(String.join(File.pathSeparator, path), StartedApplication.class.getName(), beans.name(),
					String.valueOf(count))
			.process()
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		try {
			boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
			String text = Files.readString(output);
			if (!ended) {
				throw new IllegalStateException(
						"The application did not end within " + SECONDS + " s, and printed:\n" + text);
			}
			if (process.exitValue() != 0) {
				throw new IllegalStateException(
						"The application did not start, it ended with " + process.exitValue() + ":\n" + text);
			}
			return Start.parse(text);
		}
		finally {
			process.destroyForcibly();
		}
	}

	@Override
	public void close() throws IOException {
		FileSystemUtils.deleteRecursively(this.classes);
	}

}
