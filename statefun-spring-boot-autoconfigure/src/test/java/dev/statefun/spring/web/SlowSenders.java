package dev.statefun.spring.web;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Senders of requests whose bodies arrive byte by byte. Each sender opens a new
 * connection with its next byte after the server has closed the previous one. One thread
 * serves all.
 */
final class SlowSenders implements AutoCloseable {

	private final InetSocketAddress server;

	private final String path;

	private final Form form;

	private final Duration pause;

	private final Selector selector = Selector.open();

	private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();

	private final AtomicInteger open = new AtomicInteger();

	private final Thread thread = new Thread(this::run, "slow-senders");

	private volatile boolean closed;

	private final int count;

	SlowSenders(int port, int count, Form form, Duration pause) throws IOException {
		this(port, "/statefun", count, form, pause);
	}

	SlowSenders(int port, String path, int count, Form form, Duration pause) throws IOException {
		this.path = path;
		this.server = new InetSocketAddress("127.0.0.1", port);
		this.form = form;
		this.pause = pause;
		this.count = count;
		for (int i = 0; i < count; i++) {
			connect();
		}
		this.thread.start();
	}

	/**
	 * Return the number of responses by status; {@code closed} counts connections that
	 * were closed without one.
	 */
	Map<String, Integer> answers() {
		Map<String, Integer> counts = new TreeMap<>();
		this.answers.forEach((answer, count) -> counts.put(answer, count.get()));
		return counts;
	}

	/**
	 * Return the number of open connections.
	 */
	int open() {
		return this.open.get();
	}

	private void connect() throws IOException {
		SocketChannel channel = SocketChannel.open(this.server);
		channel.write(ByteBuffer.wrap(this.form.begin(this.path)));
		channel.configureBlocking(false);
		channel.register(this.selector, SelectionKey.OP_READ);
		this.open.incrementAndGet();
	}

	private void run() {
		long next = System.nanoTime() + this.pause.toNanos();
		while (!this.closed) {
			try {
				this.selector.select((key) -> answered((SocketChannel) key.channel()), 50);
				if (System.nanoTime() >= next) {
					next += this.pause.toNanos();
					for (SelectionKey key : List.copyOf(this.selector.keys())) {
						send((SocketChannel) key.channel());
					}
					while (this.open.get() < this.count) {
						connect();
					}
				}
			}
			catch (IOException ex) {
				count("failed");
			}
		}
	}

	private void send(SocketChannel channel) {
		try {
			if (channel.isOpen()) {
				channel.write(ByteBuffer.wrap(this.form.next()));
			}
		}
		catch (IOException ex) {
			renew(channel, "closed");
		}
	}

	private void answered(SocketChannel channel) {
		ByteBuffer answer = ByteBuffer.allocate(4096);
		try {
			int length = channel.read(answer);
			String text = new String(answer.array(), 0, Math.max(length, 0), StandardCharsets.US_ASCII);
			if (text.startsWith("HTTP/1.1 ")) {
				count(text.substring(9, 12));
			}
			if (length < 0) {
				renew(channel, "end");
			}
		}
		catch (IOException ex) {
			renew(channel, "closed");
		}
	}

	private void renew(SocketChannel channel, String how) {
		if (!channel.isOpen()) {
			return;
		}
		count(how);
		try {
			channel.close();
			this.open.decrementAndGet();
		}
		catch (IOException ex) {
			count("failed");
		}
	}

	private void count(String answer) {
		this.answers.computeIfAbsent(answer, (key) -> new AtomicInteger()).incrementAndGet();
	}

	@Override
	public void close() throws IOException {
		this.closed = true;
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		for (SelectionKey key : this.selector.keys()) {
			key.channel().close();
		}
		this.selector.close();
	}

	/**
	 * Transfer form of the body.
	 */
	enum Form {

		/** Maximum size, without a first byte. */
		ANNOUNCED_EMPTY("Content-Length: 67108864\r\n\r\n", "x"),

		/** Maximum size, with its first bytes. */
		ANNOUNCED("Content-Length: 67108864\r\n\r\nxyz", "x"),

		/** Above the maximum size. */
		TOO_LARGE("Content-Length: 67108865\r\n\r\nxyz", "x"),

		/** Small, so that more bodies fit. */
		SMALL("Content-Length: 100\r\n\r\nx", "x"),

		/** In chunks of one byte. */
		CHUNKED("Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n", "1\r\nx\r\n"),

		/** A chunk with only its length. */
		CHUNK_BEGUN("Transfer-Encoding: chunked\r\n\r\nffff\r\n", "x"),

		/** An incomplete chunk length. */
		CHUNK_LENGTH_BEGUN("Transfer-Encoding: chunked\r\n\r\n0", "0"),

		/** With {@code Expect: 100-continue}. */
		EXPECTING("Expect: 100-continue\r\nContent-Length: 67108864\r\n\r\n", "x");

		private final String head;

		private final byte[] next;

		Form(String head, String next) {
			this.head = head;
			this.next = next.getBytes(StandardCharsets.US_ASCII);
		}

		byte[] begin(String path) {
			return ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
					+ this.head)
				.getBytes(StandardCharsets.US_ASCII);
		}

		byte[] next() {
			return this.next;
		}

	}

}
