package dev.statefun.flink.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Deletes a folder with its content.
 */
final class FolderDeletion {

	private FolderDeletion() {
	}

	static void delete(Path folder) {
		try (Stream<Path> content = Files.walk(folder)) {
			List<Path> deepestFirst = content.sorted(Comparator.reverseOrder()).toList();
			for (Path each : deepestFirst) {
				Files.delete(each);
			}
		}
		catch (IOException ex) {
			System.getLogger(FolderDeletion.class.getName())
				.log(System.Logger.Level.WARNING, "The folder " + folder + " was not deleted", ex);
		}
	}

}
