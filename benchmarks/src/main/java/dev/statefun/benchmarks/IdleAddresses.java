package dev.statefun.benchmarks;

import dev.statefun.local.LocalRuntime;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.registry.StatefulFunctions;

/**
 * Measures the memory of idle function instances with one small state.
 */
public final class IdleAddresses {

	private IdleAddresses() {
	}

	public static void main(String[] args) {
		int addresses = (args.length > 0) ? Integer.parseInt(args[0]) : 1_000_000;
		StatefulFunctions functions = StatefulFunctions.builder().register("example/count", new Counter()).build();
		long before = usedAfterCollection();
		try (LocalRuntime runtime = LocalRuntime.of(functions).concurrency(2).start()) {
			for (int i = 0; i < addresses; i++) {
				runtime.send(Address.of("example/count", "id" + i), "x");
			}
			runtime.runUntilIdle();
			long bytes = usedAfterCollection() - before;
			String last = runtime.state(Address.of("example/count", "id" + (addresses - 1)), "count").toString();
			System.out.printf("%d idle addresses take %d MB, %d bytes each; the last one's state: %s%n", addresses,
					bytes / 1_000_000, bytes / addresses, last.trim());
		}
	}

	private static long usedAfterCollection() {
		Runtime runtime = Runtime.getRuntime();
		for (int i = 0; i < 3; i++) {
			System.gc();
		}
		return runtime.totalMemory() - runtime.freeMemory();
	}

}
