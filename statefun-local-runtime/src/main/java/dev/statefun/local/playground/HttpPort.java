package dev.statefun.local.playground;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;

/**
 * A server at one port, with a bounded number of threads.
 */
final class HttpPort {

	private static final int THREADS = 16;

	private final HttpServer server;

	private final ThreadPoolExecutor executor;

	private HttpPort(HttpServer server, ThreadPoolExecutor executor) {
		this.server = server;
		this.executor = executor;
	}

	static HttpPort open(String side, InetSocketAddress address, HttpHandler handler) {
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
		server.setExecutor(executor);
		server.createContext("/", handler);
		server.start();
		return new HttpPort(server, executor);
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
	}

}
