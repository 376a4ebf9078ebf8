package dev.statefun.netty;

import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ThreadProbe}.
 */
class ThreadProbeTests {

	private final ThreadProbe probe = ThreadProbe.ofJvm();

	@Test
	void threadThatSleepsOrAwaitsALatchWaits() {
		CountDownLatch latch = new CountDownLatch(1);
		assertWaits(latch::await);
		assertWaits(() -> Thread.sleep(60_000));
	}

	@Test
	void threadThatReadsFromAServerWaits() throws Exception {
		try (ServerSocket server = new ServerSocket(0);
				Socket socket = new Socket("127.0.0.1", server.getLocalPort())) {
			assertWaits(() -> socket.getInputStream().read());
		}
	}

	@Test
	void threadThatComputesDoesNotWait() throws Exception {
		AtomicBoolean ended = new AtomicBoolean();
		Thread thread = start(() -> {
			while (!ended.get()) {
				Thread.onSpinWait();
			}
		});
		try {
			long before = this.probe.processorNanos(thread);
			Awaitility.await()
				.atMost(TestServer.LONG)
				.until(() -> this.probe.processorNanos(thread) - before > Duration.ofMillis(50).toNanos());
			assertThat(this.probe.waits(thread)).isFalse();
		}
		finally {
			ended.set(true);
			thread.join();
		}
		assertThat(this.probe.waits(thread)).as("ended").isFalse();
	}

	private void assertWaits(Content content) {
		Thread thread = start(content);
		Awaitility.await().atMost(TestServer.LONG).until(() -> this.probe.waits(thread));
		thread.interrupt();
	}

	private static Thread start(Content content) {
		Thread thread = new Thread(() -> {
			try {
				content.run();
			}
			catch (Exception ex) {
				// Ended by the test
			}
		});
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	@FunctionalInterface
	private interface Content {

		void run() throws Exception;

	}

}
