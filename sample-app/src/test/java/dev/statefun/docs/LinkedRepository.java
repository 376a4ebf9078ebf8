package dev.statefun.docs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

import org.springframework.util.FileSystemUtils;

/**
 * A local Maven repository that contains the artifacts of this build. Everything else is
 * linked to the local repository of this build, to which none of our artifacts are added.
 */
final class LinkedRepository {

	private static final Path MODULES = Path.of("..");

	private LinkedRepository() {
	}

	/**
	 * Create the repository.
	 * @param directory directory to create; existing content is deleted
	 * @param target local repository to link to
	 * @param version version of this build
	 * @throws UnsupportedOperationException if this system has no symbolic links
	 */
	static void create(Path directory, Path target, String version) throws IOException {
		// Deletes the links, not their targets
		FileSystemUtils.deleteRecursively(directory);
		link(directory, target, "dev");
		link(directory.resolve("dev"), target.resolve("dev"), "statefun");
		for (Path module : modules()) {
			String name = module.getFileName().toString();
			Path artifact = Files.createDirectories(directory.resolve("dev/statefun").resolve(name).resolve(version));
			Path file = artifact.resolve(name + "-" + version);
			Files.copy(module.resolve("target/.flattened-pom.xml"), Path.of(file + ".pom"));
			Path jar = module.resolve("target").resolve(file.getFileName() + ".jar");
			if (Files.exists(jar)) {
				Files.copy(jar, Path.of(file + ".jar"));
			}
		}
	}

	private static void link(Path directory, Path target, String except) throws IOException {
		Files.createDirectories(directory);
		for (Path entry : children(target, "*")) {
			String name = entry.getFileName().toString();
			if (!name.equals(except)) {
				Files.createSymbolicLink(directory.resolve(name), entry.toAbsolutePath());
			}
		}
	}

	private static List<Path> modules() throws IOException {
		return children(MODULES, "statefun-*").stream()
			.filter((module) -> Files.exists(module.resolve("target/.flattened-pom.xml")))
			.toList();
	}

	private static List<Path> children(Path directory, String glob) throws IOException {
		if (!Files.isDirectory(directory)) {
			return List.of();
		}
		try (DirectoryStream<Path> children = Files.newDirectoryStream(directory, glob)) {
			return StreamSupport.stream(children.spliterator(), false).sorted().toList();
		}
	}

}
