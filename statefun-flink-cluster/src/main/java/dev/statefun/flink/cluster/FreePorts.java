package dev.statefun.flink.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports on loopback that are free, and differ from each other. They are below those
 * that systems give to connections, one of which could take a port before the JVM that it
 * is meant for has started.
 */
final class FreePorts {

	private static final int FIRST = 20_000;

	private static final int END = 32_000;

	private FreePorts() {
	}

	static int require(int port) {
		try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new FlinkClusterException("Port " + port + ", for Flink's web interface, can't be used: "
					+ ex.getMessage() + "; end the other process, or use another port", ex);
		}
	}

	static List<Integer> find(int count) throws IOException {
		List<ServerSocket> open = new ArrayList<>();
		try {
			for (int attempt = 0; open.size() < count; attempt++) {
				open(attempt).ifPresent(open::add);
			}
			return open.stream().map(ServerSocket::getLocalPort).toList();
		}
		finally {
			for (ServerSocket socket : open) {
				socket.close();
			}
		}
	}

	private static Optional<ServerSocket> open(int attempt) throws IOException {
		int port = ThreadLocalRandom.current().nextInt(FIRST, END);
		try {
			return Optional.of(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
		}
		catch (IOException ex) {
			if (attempt == END - FIRST) {
				throw ex;
			}
			return Optional.empty();
		}
	}

}
