package dev.statefun.flinktests;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The released runtimes, as the modules beside this one prepare them.
 */
enum Release {

	V3_3_0("v3", "type.googleapis.com/io.statefun.sdk.egress.KafkaProducerRecord"),

	V2_2_2("v2", "type.googleapis.com/org.apache.flink.statefun.flink.io.KafkaProducerRecord");

	private final Path target;

	private final String kafkaRecordTypename;

	Release(String module, String kafkaRecordTypename) {
		this.target = Path.of("../runtime", module, "target");
		this.kafkaRecordTypename = kafkaRecordTypename;
	}

	/**
	 * The type that a Kafka egress of this release expects.
	 * @return its name with the prefix that both releases use
	 */
	String kafkaRecordTypename() {
		return this.kafkaRecordTypename;
	}

	/**
	 * The class path of the program that runs this release.
	 * @return the entries, joined
	 */
	String classPath() {
		Path classes = this.target.resolve("classes").toAbsolutePath().normalize();
		try {
			return classes + File.pathSeparator + Files.readString(this.target.resolve("class-path.txt")).strip();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Build flink-tests/runtime first", ex);
		}
	}

}
