package dev.statefun.flinktests;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.statefun.flinktests.Traffic.End;

/**
 * A TCP proxy between a cluster and the instances of a service. Each connection goes to
 * the next instance that accepts it and stays there; two threads carry its bytes.
 */
final class RecordingProxy implements AutoCloseable {

	/** Further connections wait until others have ended. */
	private static final int MAX_CONNECTIONS = 512;

	private static final int CONNECT_TIMEOUT_MILLIS = 1_000;

	private static final int BUFFER = 16 * 1024;

	private final Traffic traffic = new Traffic();

	private final ServerSocket server;

	private final List<URI> instances;

	private final AtomicInteger toLose = new AtomicInteger();

	private final Semaphore places = new Semaphore(MAX_CONNECTIONS);

	private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

	private final ExecutorService threads = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "proxy");
		thread.setDaemon(true);
		return thread;
	});

	private RecordingProxy(ServerSocket server, List<URI> instances) {
		this.server = server;
		this.instances = instances;
	}

	/**
	 * Start a proxy on a free port of the loopback address.
	 * @param instances URLs of the instances, all with the same path
	 * @return the running proxy
	 */
	static RecordingProxy start(URI... instances) {
		try {
			ServerSocket server = new ServerSocket(0, 128, InetAddress.getByName("127.0.0.1"));
			RecordingProxy proxy = new RecordingProxy(server, List.of(instances));
			proxy.threads.execute(proxy::accept);
			return proxy;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the URL of the service through this proxy.
	 * @return the URL
	 */
	URI endpoint() {
		return URI.create("http://127.0.0.1:" + this.server.getLocalPort() + this.instances.get(0).getPath());
	}

	/**
	 * Return the live record of the traffic that the cluster has seen.
	 * @return the live record
	 */
	Traffic traffic() {
		return this.traffic;
	}

	/**
	 * Drop the next response and end its connection.
	 */
	void loseResponse() {
		this.toLose.incrementAndGet();
	}

	@Override
	public void close() {
		this.threads.shutdownNow();
		closeAll(this.server::close);
		this.connections.forEach(Connection::close);
	}

	private void accept() {
		try {
			for (int number = 0; true; number++) {
				int first = number;
				this.places.acquire();
				Socket cluster = this.server.accept();
				this.threads.execute(() -> relay(cluster, first));
			}
		}
		catch (InterruptedException | IOException | RejectedExecutionException ex) {
			// It is closed
		}
	}

	private void relay(Socket cluster, int first) {
		try {
			Optional<Socket> instance = connect(first);
			if (instance.isEmpty()) {
				this.traffic.ended(End.REFUSED);
				reset(cluster);
				return;
			}
			Connection connection = new Connection(cluster, instance.get());
			this.connections.add(connection);
			connection.run();
			this.connections.remove(connection);
		}
		finally {
			this.places.release();
		}
	}

	private Optional<Socket> connect(int first) {
		for (int i = 0; i < this.instances.size(); i++) {
			URI instance = this.instances.get(Math.floorMod(first + i, this.instances.size()));
			Socket socket = new Socket();
			try {
				socket.connect(new InetSocketAddress(instance.getHost(), instance.getPort()), CONNECT_TIMEOUT_MILLIS);
				return Optional.of(socket);
			}
			catch (IOException ex) {
				// Then the next one
				closeAll(socket::close);
			}
		}
		return Optional.empty();
	}

	// Appears as the death of an instance, not as an orderly end
	private static void reset(Socket socket) {
		closeAll(() -> socket.setSoLinger(true, 0), socket::close);
	}

	private static void closeAll(Closing... steps) {
		Stream.of(steps).forEach((step) -> {
			try {
				step.close();
			}
			catch (IOException ex) {
				// Treated as closed
			}
		});
	}

	/**
	 * A close operation that fails only if already closed.
	 */
	private interface Closing {

		void close() throws IOException;

	}

	/**
	 * One connection of the cluster and its counterpart to an instance.
	 */
	private final class Connection {

		private final Socket cluster;

		private final Socket instance;

		private final ResponseFraming framing = new ResponseFraming();

		private boolean requested;

		private boolean ended;

		private long responseBytes;

		private Connection(Socket cluster, Socket instance) {
			this.cluster = cluster;
			this.instance = instance;
		}

		private void run() {
			try {
				this.cluster.setTcpNoDelay(true);
				this.instance.setTcpNoDelay(true);
				RecordingProxy.this.threads.execute(this::relayRequests);
				relayResponses();
			}
			catch (IOException | RejectedExecutionException ex) {
				// It is closed
			}
			finally {
				close();
			}
		}

		private void relayRequests() {
			byte[] buffer = new byte[BUFFER];
			try {
				InputStream input = this.cluster.getInputStream();
				OutputStream output = this.instance.getOutputStream();
				for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
					beginRequest();
					if (!write(output, buffer, count)) {
						// The other direction reports how the instance ended
						return;
					}
				}
			}
			catch (IOException ex) {
				// The cluster reset it
			}
			endByCluster();
			close();
		}

		private void relayResponses() throws IOException {
			byte[] buffer = new byte[BUFFER];
			InputStream input = this.instance.getInputStream();
			OutputStream output = this.cluster.getOutputStream();
			try {
				for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
					if (isLost()) {
						endByInstance("lost");
						return;
					}
					if (!follow(buffer, count)) {
						return;
					}
					if (!write(output, buffer, count)) {
						endByCluster();
						return;
					}
				}
				endByInstance("closed");
			}
			catch (IOException ex) {
				endByInstance("reset");
				reset(this.cluster);
			}
		}

		private synchronized boolean isLost() {
			return !this.framing.isWithinResponse()
					&& RecordingProxy.this.toLose.getAndUpdate((count) -> Math.max(0, count - 1)) > 0;
		}

		private boolean write(OutputStream output, byte[] buffer, int count) {
			try {
				output.write(buffer, 0, count);
				return true;
			}
			catch (IOException ex) {
				return false;
			}
		}

		private synchronized void beginRequest() {
			if (!this.requested && !this.ended) {
				this.requested = true;
				RecordingProxy.this.traffic.requested();
			}
		}

		// Before the bytes are forwarded, so that the next request is not mistaken for
		// this one
		private synchronized boolean follow(byte[] buffer, int count) {
			this.responseBytes += count;
			try {
				this.framing.read(buffer, count, this::endResponse);
				return true;
			}
			catch (IllegalArgumentException | IllegalStateException ex) {
				end(End.NOT_HTTP);
				incident(ex.toString());
				return false;
			}
		}

		private void endResponse(int status) {
			RecordingProxy.this.traffic.answered(status, this.instance.getPort());
			this.requested = false;
			this.responseBytes = 0;
		}

		private synchronized void endByCluster() {
			end((this.requested || this.framing.isWithinResponse()) ? End.GIVEN_UP : End.IDLE);
		}

		private synchronized void endByInstance(String how) {
			if (this.ended) {
				return;
			}
			if (this.framing.isWithinResponse()) {
				end(End.WITHIN_RESPONSE);
				incident("%s after %d bytes of a response with status %d".formatted(how, this.responseBytes,
						this.framing.status()));
			}
			else if (this.requested) {
				end(End.BEFORE_RESPONSE);
			}
			else {
				end(End.IDLE);
			}
		}

		private void end(End end) {
			if (!this.ended) {
				this.ended = true;
				RecordingProxy.this.traffic.ended(end);
			}
		}

		private void incident(String text) {
			RecordingProxy.this.traffic.incident("port %d %s".formatted(this.instance.getPort(), text));
		}

		private void close() {
			closeAll(this.cluster::close, this.instance::close);
		}

	}

}
