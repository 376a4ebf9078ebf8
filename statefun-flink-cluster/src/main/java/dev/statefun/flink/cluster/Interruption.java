package dev.statefun.flink.cluster;

import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Interruption of a command by SIGINT, as Ctrl-C sends it, or SIGTERM. The first one ends
 * {@link #await}, or the process if nothing waits for it yet. The second one ends the
 * process at once.
 */
final class Interruption {

	/** Exit status of an interrupted process. */
	static final int STATUS = 130;

	private final CountDownLatch interrupted = new CountDownLatch(1);

	private final AtomicBoolean awaited = new AtomicBoolean();

	void handle() {
		handle("INT");
		handle("TERM");
	}

	void await() throws InterruptedException {
		this.awaited.set(true);
		this.interrupted.await();
	}

	boolean isInterrupted() {
		return this.interrupted.getCount() == 0;
	}

	private void interrupt() {
		if (isInterrupted()) {
			Runtime.getRuntime().halt(STATUS);
		}
		this.interrupted.countDown();
		if (!this.awaited.get()) {
			// Not on the thread of signals, which would miss the second one
			new Thread(() -> System.exit(STATUS), "exit").start();
		}
	}

	// By reflection, as the compiler warns of these classes, which have no successor
	private void handle(String signal) {
		try {
			Class<?> type = Class.forName("sun.misc.Signal");
			Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
			Object handler = Proxy.newProxyInstance(handlerType.getClassLoader(), new Class<?>[] { handlerType },
					(proxy, method, arguments) -> {
						interrupt();
						return null;
					});
			type.getMethod("handle", type, handlerType)
				.invoke(null, type.getConstructor(String.class).newInstance(signal), handler);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("This Java can't handle SIG" + signal, ex);
		}
	}

}
