package dev.statefun.benchmarks.flink;

import java.nio.file.Path;
import java.time.Duration;

import dev.statefun.benchmarks.http.Variant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class FlinkFiguresTests {

	@Test
	void countsAreThoseOfALoad() {
		Counts before = Counts.parse("count 1000 20 1");
		assertThat(Counts.parse("count 3000 60 4").minus(before)).isEqualTo(new Counts(2000, 40, 3));
		assertThatIllegalArgumentException().isThrownBy(() -> Counts.parse("count 3000"))
			.withMessageContaining("<records> <requests> <failures>");
	}

	@Test
	void runIsDescribedPerMessage() {
		Run run = run(2);
		assertThat(run.perSecond()).isEqualTo(1000);
		assertThat(run.messagesPerRequest()).isEqualTo(50);
		assertThat(run.runtimeMillis()).isEqualTo(1000);
		assertThat(run.serverMillis()).isEqualTo(500);
		assertThat(run)
			.hasToString("1,000 messages/s, CPU for 1,000: 1000.0 ms runtime, 500.0 ms server; 50.00 messages/request");
	}

	@Test
	void cellsAreMediansAndTheirRatios() {
		FlinkFigures figures = FlinkFigures.none().and(run(1)).and(run(2)).and(run(8));
		FlinkFigures reference = FlinkFigures.none().and(run(4));
		assertThat(figures.cells("Some server", reference)).hasSameSizeAs(FlinkFigures.COLUMNS)
			.containsExactly("Some server", "1000", "2.00", "1000.0", "500.0", "0.50", "50.00", 9L);
		assertThat(figures.cells("Some server", FlinkFigures.none())).as("without a reference")
			.containsExactly("Some server", "1000", "", "1000.0", "500.0", "", "50.00", 9L);
	}

	@Test
	void variantsAreInTheOrderGiven() {
		assertThat(EndToEndComparison.variants("netty,boot")).extracting(Variant::key).containsExactly("netty", "boot");
		assertThatIllegalArgumentException().isThrownBy(() -> EndToEndComparison.variants("boot,jetty"))
			.withMessageContaining("'jetty'")
			.withMessageContaining("undertow");
	}

	@Test
	void missingRuntimeIsReportedWithTheCommandToBuildIt(@TempDir Path folder) {
		assertThatIllegalStateException().isThrownBy(() -> FlinkProcess.classPath(folder))
			.withMessageContaining(folder.toString())
			.withMessageContaining("mvn -pl flink-tests/runtime/v3 -am package -DskipTests")
			.withMessageContaining("--runtime=");
	}

	// 2,000 messages that take as long as one processor is busy in the runtime
	private static Run run(int seconds) {
		return new Run(Duration.ofSeconds(seconds), Duration.ofSeconds(seconds), Duration.ofMillis(seconds * 500L),
				new Counts(2000, 40, 3));
	}

}
