package dev.statefun.flink.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * What is submitted as a job: a jar with the module, and arguments that say where the job
 * finds this process.
 *
 * @param jar the jar
 * @param arguments arguments of the program
 */
record JobArchive(Path jar, List<String> arguments) {

	static final String PROGRAM = "org.apache.flink.statefun.flink.core.StatefulFunctionsJob";

	static JobArchive write(Path jar, String module, JobPort port, Collection<String> egresses, Path pending)
			throws IOException {
		try (OutputStream out = Files.newOutputStream(jar); ZipOutputStream zip = new ZipOutputStream(out)) {
			zip.putNextEntry(new ZipEntry("module.yaml"));
			zip.write(Parts.utf8(module));
			zip.closeEntry();
		}
		List<String> arguments = new ArrayList<>();
		add("url", port.url(), arguments);
		add("token", port.token(), arguments);
		add("partitions", String.valueOf(IngressLog.PARTITIONS), arguments);
		add("egresses", egresses.isEmpty() ? "none" : String.join(",", egresses), arguments);
		add("pending", pending.toString(), arguments);
		return new JobArchive(jar, arguments);
	}

	private static void add(String name, String value, List<String> arguments) {
		arguments.add("--launcher-" + name);
		arguments.add(value);
	}

}
