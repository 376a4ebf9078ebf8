package dev.statefun.benchmarks.fork;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * The class path of this program, entry by entry.
 */
public final class ClassPath {

	private ClassPath() {
	}

	/**
	 * Return the entries, including those named by manifests of jars.
	 * @return the jars and directories
	 * @throws IOException if a jar can't be read
	 */
	public static Set<Path> entries() throws IOException {
		return entries(System.getProperty("java.class.path"));
	}

	/**
	 * Return the entries of another class path, including those named by manifests of
	 * jars.
	 * @param classPath the class path
	 * @return the jars and directories
	 * @throws IOException if a jar can't be read
	 */
	static Set<Path> entries(String classPath) throws IOException {
		Set<Path> entries = new LinkedHashSet<>();
		for (String element : classPath.split(File.pathSeparator)) {
			Path path = Path.of(element).toAbsolutePath();
			entries.add(path);
			entries.addAll(references(path));
		}
		return entries;
	}

	/**
	 * Return the class path entries in the manifest of a jar.
	 * @param entry the jar, or a directory
	 * @return the jars and directories, which do not have to exist
	 * @throws IOException if the jar can't be read
	 */
	public static List<Path> references(Path entry) throws IOException {
		List<Path> references = new ArrayList<>();
		if (Files.isRegularFile(entry)) {
			try (JarFile jar = new JarFile(entry.toFile())) {
				Manifest manifest = jar.getManifest();
				String names = (manifest != null) ? manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH)
						: null;
				for (String name : (names != null) ? names.split(" +") : new String[0]) {
					references.add(Path.of(entry.toUri().resolve(URI.create(name))));
				}
			}
		}
		return references;
	}

	/**
	 * Return whether an entry itself contains a directory; jars named by its manifest are
	 * entries of their own.
	 * @param entry the jar or directory
	 * @param directory the directory, such as {@code dev/statefun/sdk/}
	 * @return whether the directory exists
	 * @throws IOException if the jar can't be read
	 */
	public static boolean has(Path entry, String directory) throws IOException {
		if (!Files.isRegularFile(entry)) {
			return Files.isDirectory(entry.resolve(directory));
		}
		try (JarFile jar = new JarFile(entry.toFile())) {
			return jar.stream().anyMatch((file) -> file.getName().startsWith(directory));
		}
	}

}
