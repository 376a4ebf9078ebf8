package dev.statefun.benchmarks.fork;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipException;

/**
 * A version of the libraries to measure, as a rule with the programs of this build: two
 * versions are measured in the same way.
 *
 * @param name name in progress reports
 * @param classPath the programs and the libraries of the version
 */
public record Version(String name, String classPath) {

	private static final String SDK = "dev/statefun/sdk/";

	private static final String PROGRAMS = "dev/statefun/benchmarks/";

	/**
	 * Return the version of this build.
	 * @return the version
	 */
	public static Version current() {
		return new Version("current", System.getProperty("java.class.path"));
	}

	/**
	 * Return another version.
	 * @param jar {@code benchmarks.jar} of that version with its directory {@code lib},
	 * for all libraries; or {@code statefun-sdk}, for that alone
	 * @return the version
	 * @throws IllegalArgumentException if there is no such jar, or it is neither of the
	 * two
	 * @throws IOException if a jar can't be read
	 */
	public static Version baseline(Path jar) throws IOException {
		requireFile(jar);
		List<Path> libraries = libraries(jar);
		if (libraries.isEmpty() && ClassPath.has(jar, SDK)) {
			return new Version("baseline", jar + File.pathSeparator + current().classPath());
		}
		requireSdk(jar, libraries);
		List<String> classPath = new ArrayList<>();
		for (Path programs : programs()) {
			classPath.add(programs.toString());
		}
		libraries.forEach((library) -> classPath.add(library.toString()));
		return new Version("baseline", String.join(File.pathSeparator, classPath));
	}

	/**
	 * Return another version with its own programs, for a version whose types have other
	 * names. Its programs must accept the same arguments.
	 * @param jar {@code benchmarks.jar} of that version with its directory {@code lib}
	 * @return the version
	 * @throws IllegalArgumentException if the jar has no programs
	 * @throws IOException if the jar can't be read
	 */
	public static Version baselineWithItsPrograms(Path jar) throws IOException {
		requireFile(jar);
		List<Path> libraries = libraries(jar);
		if (!ClassPath.has(jar, PROGRAMS)) {
			throw new IllegalArgumentException(
					"'" + jar + "' has no benchmark programs; expected 'benchmarks.jar' of an older version");
		}
		requireSdk(jar, libraries);
		return new Version("baseline", jar.toString());
	}

	/**
	 * Return this version with fewer libraries.
	 * @param directories directories, such as {@code jakarta/servlet/}: libraries that
	 * have one of them are left out
	 * @return the version
	 * @throws IOException if a jar can't be read
	 */
	public Version without(Collection<String> directories) throws IOException {
		List<String> kept = new ArrayList<>();
		for (Path entry : ClassPath.entries(this.classPath)) {
			if (Files.exists(entry) && !hasAny(entry, directories)) {
				boolean program = Files.isRegularFile(entry) && ClassPath.has(entry, PROGRAMS);
				kept.add((program ? withoutManifest(entry) : entry).toString());
			}
		}
		return new Version(this.name, String.join(File.pathSeparator, kept));
	}

	private static boolean hasAny(Path entry, Collection<String> directories) throws IOException {
		for (String directory : directories) {
			if (ClassPath.has(entry, directory)) {
				return true;
			}
		}
		return false;
	}

	private static void requireFile(Path jar) {
		if (!Files.isRegularFile(jar)) {
			throw new IllegalArgumentException("There is no file '" + jar + "'; expected " + expected());
		}
	}

	private static void requireSdk(Path jar, List<Path> libraries) throws IOException {
		for (Path library : libraries) {
			if (!Files.exists(library)) {
				throw new IllegalArgumentException("'" + jar + "' needs '" + library
						+ "', which does not exist; copy the folder 'lib' along with 'benchmarks.jar'");
			}
		}
		if (!haveAny(libraries, SDK)) {
			throw new IllegalArgumentException("'" + jar + "' has no StateFun SDK; expected " + expected());
		}
	}

	private static String expected() {
		return "'benchmarks.jar' of an older version beside its folder 'lib'"
				+ " (mvn -pl benchmarks -am package -DskipTests), or a jar of 'statefun-sdk'";
	}

	private static List<Path> libraries(Path jar) throws IOException {
		try {
			return ClassPath.references(jar.toAbsolutePath());
		}
		catch (ZipException ex) {
			throw new IllegalArgumentException("'" + jar + "' is not a jar; expected " + expected(), ex);
		}
	}

	private static boolean haveAny(List<Path> entries, String directory) throws IOException {
		for (Path entry : entries) {
			if (ClassPath.has(entry, directory)) {
				return true;
			}
		}
		return false;
	}

	private static List<Path> programs() throws IOException {
		List<Path> programs = new ArrayList<>();
		for (Path entry : ClassPath.entries()) {
			if (ClassPath.has(entry, PROGRAMS)) {
				programs.add(Files.isDirectory(entry) ? entry : withoutManifest(entry));
			}
		}
		return programs;
	}

	// The manifest names the libraries of this build
	static Path withoutManifest(Path jar) throws IOException {
		Path copy = Files.createTempFile("benchmarks", ".jar");
		copy.toFile().deleteOnExit();
		try (JarFile source = new JarFile(jar.toFile());
				JarOutputStream target = new JarOutputStream(Files.newOutputStream(copy))) {
			for (JarEntry entry : Collections.list(source.entries())) {
				if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
					target.putNextEntry(new JarEntry(entry.getName()));
					source.getInputStream(entry).transferTo(target);
				}
			}
		}
		return copy;
	}

}
