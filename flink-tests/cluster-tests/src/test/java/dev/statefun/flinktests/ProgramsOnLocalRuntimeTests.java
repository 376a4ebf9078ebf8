package dev.statefun.flinktests;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

import dev.statefun.flinktests.program.Commands;
import dev.statefun.flinktests.program.Expectation;
import dev.statefun.flinktests.program.Program;
import dev.statefun.local.HttpFunctionEndpoint;
import dev.statefun.local.LimitExceededException;
import dev.statefun.local.LocalRuntime;
import dev.statefun.local.Transport;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.handler.Protocol;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that random programs have the results on the local runtime that they must have on
 * every runtime, whatever faults are injected: batches of any size, requests that are
 * sent twice or whose replies are lost, restarts. {@link ProgramsOnFlinkIT} tests the
 * same on the released runtimes.
 */
class ProgramsOnLocalRuntimeTests {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	/** More than all short delays of a program together. */
	private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

	private static ProgramService service;

	@BeforeAll
	static void startService() {
		service = ProgramService.start();
	}

	@AfterAll
	static void endService() {
		service.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void programsHaveTheirResultsOnTheManualClockDespiteFaults(Protocol cluster) {
		LongStream.range(0, 60).forEach((seed) -> runOnTheManualClock(seed, cluster));
	}

	@Tag("soak")
	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void tenThousandProgramsHaveTheirResultsOnTheManualClock(Protocol cluster) {
		LongStream.range(10_000, 20_000).forEach((seed) -> runOnTheManualClock(seed, cluster));
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void programsHaveTheirResultsOnTheWallClock(Protocol cluster) {
		try (LocalRuntime runtime = service.localRuntime().protocol(cluster).concurrency(8).start()) {
			Programs.of(cluster, 0, 100).run(new ProgramRuntime.Local(runtime), LIMIT);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void programsHaveTheirResultsOverHttpWithRequestsSentTwice(Protocol cluster) {
		HttpFunctionEndpoint endpoint = HttpFunctionEndpoint.of(service.endpoint(), Transport.ASYNC);
		try (LocalRuntime runtime = service.localRuntime()
			.functions(service.functions(), endpoint)
			.protocol(cluster)
			.deliverTwice()
			.batchSize(2)
			.start()) {
			Programs.of(cluster, 200, 20).run(new ProgramRuntime.Local(runtime), LIMIT);
		}
	}

	private static void runOnTheManualClock(long seed, Protocol cluster) {
		Program program = Program.of(seed, cluster);
		Random random = new Random(seed);
		LocalRuntime.Builder builder = service.localRuntime()
			.protocol(cluster)
			.manualClock()
			.batchSize((random.nextInt(3) == 0) ? Integer.MAX_VALUE : 1 + random.nextInt(3))
			.invocationsPerRun(1 + random.nextInt(10));
		if (random.nextInt(3) == 0) {
			builder.deliverTwice();
		}
		try (LocalRuntime runtime = builder.start()) {
			for (Program.Input input : program.inputs()) {
				runtime.send(input.target(), input.message());
				if (random.nextInt(3) == 0) {
					advance(runtime, Duration.ofMillis(random.nextInt(30)), program, random);
				}
			}
			advance(runtime, LONG_ENOUGH, program, random);
			Expectation expectation = Expectation.of(program);
			assertThat(program.addresses().stream().mapToInt((address) -> runtime.pendingTimers(address).size()).sum())
				.as("pending timers in %s", program)
				.isEqualTo(expectation.pendingTimers());
			// On 2.x, messages of replaced timers are pending too
			assertThat(runtime.pendingDelayedMessages() - expectation.pendingTimers()).as("pending in %s", program)
				.isGreaterThanOrEqualTo(expectation.pendingDelayedMessages());
			assertThat(cluster == Protocol.V2 || runtime.pendingDelayedMessages() == expectation.pendingTimers()
					+ expectation.pendingDelayedMessages())
				.as("pending in %s", program)
				.isTrue();
			// A restart before this point would read the reports' requests too early
			runtime.checkpoint();
			program.addresses().forEach((address) -> runtime.send(address, Commands.report()));
			advance(runtime, LONG_ENOUGH, program, random);
			Programs.assertSame(program, Expectation.recordsAndStates(program),
					new ProgramRuntime.Local(runtime).records());
		}
		catch (RuntimeException ex) {
			throw new AssertionError(program.toString(), ex);
		}
	}

	// Runs a few messages at a time, with faults in between
	private static void advance(LocalRuntime runtime, Duration duration, Program program, Random random) {
		Instant end = runtime.time().plus(duration);
		for (int run = 0; run < 10_000; run++) {
			try {
				runtime.advance(Duration.between(runtime.time(), end));
				return;
			}
			catch (LimitExceededException ex) {
				disturb(runtime, program.addresses(), random);
			}
		}
		throw new AssertionError("The program does not end: " + program);
	}

	private static void disturb(LocalRuntime runtime, List<Address> addresses, Random random) {
		switch (random.nextInt(20)) {
			case 0 -> runtime.restart();
			case 1, 2, 3 -> runtime.checkpoint();
			case 4 -> runtime.failOnce(addresses.get(random.nextInt(addresses.size())));
			case 5 -> runtime.unreachableFor(Duration.ofMillis(random.nextInt(10)));
			default -> {
			}
		}
	}

}
