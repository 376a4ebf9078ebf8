package dev.statefun.netty;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Looks at a thread that takes long. A thread that only waits for a processor, as all do
 * where more threads are busy than there are processors, neither waits nor computes.
 */
interface ThreadProbe {

	/**
	 * Return whether a thread waits for a lock, for time to pass, or for the operating
	 * system.
	 * @param thread the thread
	 * @return whether it waits
	 */
	boolean waits(Thread thread);

	/**
	 * Return the processor time that a thread has used.
	 * @param thread the thread
	 * @return the time in nanoseconds, or -1 if it is not known
	 */
	long processorNanos(Thread thread);

	/**
	 * Return a probe for threads of this JVM.
	 * @return the probe
	 */
	static ThreadProbe ofJvm() {
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		return new ThreadProbe() {

			@Override
			public boolean waits(Thread thread) {
				return switch (thread.getState()) {
					case BLOCKED, WAITING, TIMED_WAITING -> true;
					case RUNNABLE -> isInCallOfSystem(thread.getStackTrace());
					case NEW, TERMINATED -> false;
				};
			}

			@Override
			public long processorNanos(Thread thread) {
				return threads.isThreadCpuTimeSupported() ? threads.getThreadCpuTime(thread.getId()) : -1;
			}

		};
	}

	// Those of Netty write an answer, and never wait
	private static boolean isInCallOfSystem(StackTraceElement[] stack) {
		return stack.length > 0 && stack[0].isNativeMethod() && !stack[0].getClassName().startsWith("io.netty.");
	}

}
