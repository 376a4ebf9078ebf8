package dev.statefun.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A page of the reference that a test generates once and compares from then on.
 *
 * @param name file name of the page
 */
record GeneratedPage(String name) {

	private static final String WRITE = "statefun.docs.write";

	void isUpToDate(String text) throws IOException {
		Path file = Path.of("../docs/reference/" + this.name);
		if (Boolean.getBoolean(WRITE)) {
			Files.writeString(file, text);
		}
		assertThat(file).as("regenerated with -D" + WRITE + "=true").hasContent(text);
	}

}
