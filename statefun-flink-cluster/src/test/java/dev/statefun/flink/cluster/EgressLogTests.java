package dev.statefun.flink.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;

import dev.statefun.local.playground.PlaygroundTopics;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.protocol.HeaderFields;
import dev.statefun.testing.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link EgressLog}.
 */
class EgressLogTests {

	@TempDir
	private Path folder;

	private final PlaygroundTopics topics = new PlaygroundTopics();

	@Test
	void transactionIsCommittedOnceEvenAfterARestart() throws Exception {
		try (EgressLog log = open()) {
			log.commit("t1", records("a", "b"));
			log.commit("t1", records("a", "b"));
			log.commit("t2", records("c"));
			assertThat(log.records("test/out")).extracting(CommittedRecord::value)
				.containsExactly(Values.text("a"), Values.text("b"), Values.text("c"));
			assertThat(log.records("test/out")).extracting(CommittedRecord::headers)
				.containsExactly(Headers.of("text", "a"), Headers.of("text", "b"), Headers.of("text", "c"));
			assertThat(log.records("test/other")).isEmpty();
		}
		try (EgressLog log = open()) {
			log.commit("t2", records("c"));
			log.commit("t3", records("d"));
			assertThat(log.records("test/out")).extracting((record) -> record.headers().get("text").orElseThrow())
				.containsExactly("a", "b", "c", "d");
			assertThat(this.topics.sizes()).as("records taken over HTTP").containsOnly(Map.entry("test/out", 4));
		}
	}

	@Test
	void transactionThatWasCutByAKillIsDropped() throws Exception {
		try (EgressLog log = open()) {
			log.commit("t1", records("a"));
		}
		Path file = this.folder.resolve("records");
		byte[] whole = Files.readAllBytes(file);
		Files.write(file, new byte[] { 0, 0, 0, 40, 1, 2 }, StandardOpenOption.APPEND);
		try (EgressLog log = open()) {
			assertThat(log.records("test/out")).hasSize(1);
		}
		assertThat(Files.readAllBytes(file)).isEqualTo(whole);
	}

	@Test
	void recordsThatAreNotWholeAreRefused() throws Exception {
		try (EgressLog log = open()) {
			byte[] whole = records("a");
			assertThatIllegalArgumentException()
				.isThrownBy(() -> log.commit("t1", Arrays.copyOf(whole, whole.length - 1)))
				.withMessageContaining("part of a record");
			assertThatIllegalArgumentException().isThrownBy(() -> log.commit("t1", Parts.join(Parts.utf8("test/out"))))
				.withMessage("Found 1 parts of records, expected 4 for each");
			assertThat(log.records("test/out")).isEmpty();
			log.commit("t1", whole);
			assertThat(log.records("test/out")).hasSize(1);
		}
	}

	@Test
	void fileOfAnotherVersionIsRefused() throws Exception {
		byte[] transaction = Parts.join(Parts.utf8("t1"), Parts.utf8("test/out"), Parts.utf8("type"),
				Parts.utf8("value"));
		Path file = Files.write(this.folder.resolve("records"), Parts.join(transaction));
		assertThatIOException().isThrownBy(this::open)
			.withMessage("The file '" + file + "' was written by another version of this library; use another folder. "
					+ "Found 3 parts of records, expected 4 for each");
	}

	private EgressLog open() throws IOException {
		return EgressLog.open(this.folder, this.topics);
	}

	private static byte[] records(String... texts) {
		byte[][] parts = new byte[4 * texts.length][];
		for (int i = 0; i < texts.length; i++) {
			parts[4 * i] = Parts.utf8("test/out");
			parts[4 * i + 1] = Parts.utf8("io.statefun.types/string");
			parts[4 * i + 2] = Values.text(texts[i]).getValue().toByteArray();
			parts[4 * i + 3] = Headers.of("text", texts[i]).toFields(HeaderFields.IN_MESSAGE);
		}
		return Parts.join(parts);
	}

}
