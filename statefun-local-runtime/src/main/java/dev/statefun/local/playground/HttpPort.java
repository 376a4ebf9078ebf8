package dev.statefun.local.playground;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server on one port, with a bounded number of threads. The server of the JDK
 * reads requests on them, so a request that does not arrive in time is aborted: an
 * interrupt closes its connection.
 */
final class HttpPort {

	private static final int THREADS = 256;

	private final HttpServer server;

	private final ThreadPoolExecutor executor;

	private final ScheduledExecutorService watch;

	private HttpPort(HttpServer server, ThreadPoolExecutor executor, ScheduledExecutorService watch) {
		this.server = server;
		this.executor = executor;
		this.watch = watch;
	}

	/**
	 * Open a port.
	 * @param side side of the playground, {@code ingress} or {@code egress}
	 * @param address address to listen on
	 * @param limit maximum duration of a request, from its first byte to its response
	 * @param handler handler for requests
	 * @return the port, to be closed
	 */
	static HttpPort open(String side, InetSocketAddress address, Duration limit, HttpHandler handler) {
		HttpServer server;
		try {
			server = HttpServer.create(address, 0);
		}
		catch (IOException ex) {
			throw new PortUnavailableException(side, address, ex);
		}
		ThreadPoolExecutor executor = new ThreadPoolExecutor(THREADS, THREADS, 30, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), (task) -> thread(side, task));
		executor.allowCoreThreadTimeOut(true);
		ScheduledExecutorService watch = Executors
			.newSingleThreadScheduledExecutor((task) -> thread(side + "-watch", task));
		server.setExecutor((task) -> executor.execute(new LimitedTask(task, limit, watch)));
		server.createContext("/", handler);
		server.start();
		return new HttpPort(server, executor, watch);
	}

	private static Thread thread(String side, Runnable task) {
		Thread thread = new Thread(task, "statefun-playground-" + side);
		thread.setDaemon(true);
		return thread;
	}

	int port() {
		return this.server.getAddress().getPort();
	}

	void close() {
		this.server.stop(0);
		this.executor.shutdownNow();
		this.watch.shutdownNow();
	}

	/**
	 * A task whose thread is interrupted when it takes too long.
	 */
	private static final class LimitedTask implements Runnable {

		private final Runnable task;

		private final Duration limit;

		private final ScheduledExecutorService watch;

		private @Nullable Thread thread;

		private LimitedTask(Runnable task, Duration limit, ScheduledExecutorService watch) {
			this.task = task;
			this.limit = limit;
			this.watch = watch;
		}

		@Override
		public void run() {
			begin();
			Future<?> alarm = this.watch.schedule(this::interrupt, this.limit.toMillis(), TimeUnit.MILLISECONDS);
			try {
				this.task.run();
			}
			finally {
				alarm.cancel(false);
				end();
			}
		}

		private synchronized void begin() {
			this.thread = Thread.currentThread();
		}

		private synchronized void interrupt() {
			if (this.thread != null) {
				this.thread.interrupt();
			}
		}

		// The interrupt must not reach the next task of the thread
		private synchronized void end() {
			this.thread = null;
			Thread.interrupted();
		}

	}

}
