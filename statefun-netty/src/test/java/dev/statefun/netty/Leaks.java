package dev.statefun.netty;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.awaitility.Awaitility;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Buffers that were not released, as Netty reports them in its log.
 */
final class Leaks {

	private static final ListAppender<ILoggingEvent> REPORTS = new ListAppender<>();

	static {
		REPORTS.start();
		((Logger) LoggerFactory.getLogger(ResourceLeakDetector.class)).addAppender(REPORTS);
	}

	private Leaks() {
	}

	/**
	 * Start to look at reports.
	 */
	static void watch() {
		assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
	}

	/**
	 * Collect garbage, and return what was found since the last time.
	 * @return the reports
	 */
	static List<String> find() {
		ReferenceQueue<Object> collected = new ReferenceQueue<>();
		WeakReference<Object> canary = new WeakReference<>(new Object(), collected);
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
			System.gc();
			return collected.poll() == canary;
		});
		// The detector reports when it tracks another buffer
		PooledByteBufAllocator.DEFAULT.directBuffer(1).release();
		List<String> found = List.copyOf(REPORTS.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
		REPORTS.list.clear();
		return found;
	}

}
