package dev.statefun.flinktests;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The released runtimes, as prepared by the modules beside this one.
 */
enum Release {

	V3_3_0("v3", "type.googleapis.com/io.statefun.sdk.egress.KafkaProducerRecord"),

	V2_2_2("v2", "type.googleapis.com/org.apache.flink.statefun.flink.io.KafkaProducerRecord");

	private final Path target;

	private final Path program;

	private final String kafkaRecordTypename;

	Release(String module, String kafkaRecordTypename) {
		this.target = Path.of("../runtime", module, "target").toAbsolutePath().normalize();
		this.program = this.target.resolve("flink-tests-runtime-" + module + "-1.jar");
		this.kafkaRecordTypename = kafkaRecordTypename;
	}

	/**
	 * Return the type that a Kafka egress of this release expects.
	 * @return its name with the prefix that both releases use
	 */
	String kafkaRecordTypename() {
		return this.kafkaRecordTypename;
	}

	/**
	 * Return the program that runs this release.
	 * @return its jar, without its dependencies
	 */
	Path program() {
		return this.program;
	}

	/**
	 * Return the location of the class archive.
	 * @return the file, which does not have to exist
	 */
	Path classArchive() {
		return this.target.resolve("classes.jsa");
	}

	/**
	 * Return the class path of the program that runs this release. It contains only jars,
	 * as class archives require.
	 * @return the entries, joined
	 */
	String classPath() {
		try {
			return this.program + File.pathSeparator + Files.readString(this.target.resolve("class-path.txt")).strip();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Build flink-tests/runtime first", ex);
		}
	}

}
