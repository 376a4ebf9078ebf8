package dev.statefun.flinktests.runtime;

import java.util.List;
import java.util.Scanner;

import dev.statefun.benchmarks.workload.Names;

/**
 * Answers like the program of the same name in {@code flink-tests/runtime}, without a
 * runtime. A load takes a millisecond for each id, and loses a record if its number of
 * messages is odd.
 */
public final class StatefunRuntime {

	private StatefunRuntime() {
	}

	public static void main(String[] args) {
		boolean counting = List.of(args).contains("--count=" + Names.EGRESS);
		long records = 0;
		long requests = 0;
		System.out.println("ready");
		try (Scanner lines = new Scanner(System.in)) {
			while (lines.hasNextLine()) {
				String[] parts = lines.nextLine().split(" ", -1);
				if (parts[0].equals("load") && parts[1].equals(Names.COUNTER) && parts.length == 6 && counting) {
					long messages = Long.parseLong(parts[2]);
					records += messages - messages % 2;
					requests++;
					System.out.println("loaded " + Long.parseLong(parts[3]) * 1_000_000);
				}
				else if (parts[0].equals("count")) {
					System.out.println("count " + records + " " + requests + " 0");
				}
				else {
					System.out.println("failed " + String.join(" ", parts));
				}
			}
		}
	}

}
