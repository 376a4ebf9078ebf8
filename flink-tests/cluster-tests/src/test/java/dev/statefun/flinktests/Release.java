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

	private final Path program;

	private final String kafkaRecordTypename;

	Release(String module, String kafkaRecordTypename) {
		this.target = Path.of("../runtime", module, "target").toAbsolutePath().normalize();
		this.program = this.target.resolve("flink-tests-runtime-" + module + "-1.jar");
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
	 * The program that runs this release.
	 * @return its jar, without what it depends on
	 */
	Path program() {
		return this.program;
	}

	/**
	 * Where the archive of the classes belongs.
	 * @return the file, which need not be there
	 */
	Path classArchive() {
		return this.target.resolve("classes.jsa");
	}

	/**
	 * The class path of the program that runs this release. All of it is jars, as class
	 * archives need it.
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
