package dev.statefun.benchmarks.handler;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

import dev.statefun.benchmarks.fork.ClassPath;
import dev.statefun.benchmarks.fork.Version;
import dev.statefun.benchmarks.workload.CounterStep;
import dev.statefun.sdk.handler.RequestReplyHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for measurements and their failures.
 */
class TurnTests {

	@Test
	void programPrintsTheCostOfARequest() throws Exception {
		Turn.Cost cost = Turn.fork(TurnsComparison.class, "--subject=OURS", "--batches=1", "--seconds=1");
		assertThat(cost.nanos()).isPositive();
		assertThat(cost.bytes()).as("with reply, egress record and state").isBetween(500.0, 5000.0);
	}

	@Test
	void baselineRunsWithItsOwnLibraries(@TempDir Path directory) throws Exception {
		List<Path> libraries = new ArrayList<>();
		for (Path entry : ClassPath.entries()) {
			if (!ClassPath.has(entry, "dev/statefun/benchmarks/")) {
				libraries.add(entry);
			}
		}
		Version baseline = Version.baseline(benchmarks(directory.resolve("benchmarks.jar"), libraries));
		assertThat(turn(baseline).nanos()).isPositive();
		libraries.add(0, brokenSdk(directory.resolve("statefun-sdk.jar")));
		Version broken = Version.baseline(benchmarks(directory.resolve("benchmarks.jar"), libraries));
		assertThatIllegalStateException().isThrownBy(() -> turn(broken))
			.withMessageContaining("failed with the baseline version");
	}

	private static Turn.Cost turn(Version version) throws Exception {
		return Turn.fork(version, TurnsComparison.class, "--subject=OURS", "--batches=1", "--seconds=1");
	}

	private static Path benchmarks(Path jar, List<Path> libraries) throws Exception {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes()
			.put(Attributes.Name.CLASS_PATH,
					libraries.stream().map((library) -> library.toUri().toString()).collect(Collectors.joining(" ")));
		new JarOutputStream(Files.newOutputStream(jar), manifest).close();
		return jar;
	}

	private static Path brokenSdk(Path jar) throws Exception {
		try (JarOutputStream target = new JarOutputStream(Files.newOutputStream(jar))) {
			target.putNextEntry(new JarEntry("dev/statefun/sdk/handler/RequestReplyHandler.class"));
		}
		return jar;
	}

	@Test
	void eachStepOfTheCounterDoesMore() {
		int before = 0;
		for (CounterStep step : List.of(CounterStep.EMPTY, CounterStep.STATE, CounterStep.EGRESS, CounterStep.REPLY)) {
			int size = reply(step).length;
			assertThat(size).as("reply of %s", step).isGreaterThan(before);
			before = size;
		}
		assertThat(reply(CounterStep.CALLER)).isEqualTo(reply(CounterStep.REPLY)).isEqualTo(reply(CounterStep.HEADERS));
	}

	private static byte[] reply(CounterStep step) {
		return new RequestReplyHandler(step.registry()).handle(step.request(10)).toCompletableFuture().join();
	}

	@Test
	void programThatFailsIsAnError() {
		assertThatIllegalStateException()
			.isThrownBy(() -> Turn.fork(TurnsComparison.class, "--subject=OURS", "--workload=COUNTER", "--batches=0",
					"--seconds=1"))
			.withMessageContaining("--batches=0");
	}

}
