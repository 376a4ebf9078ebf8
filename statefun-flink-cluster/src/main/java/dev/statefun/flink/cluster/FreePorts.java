package dev.statefun.flink.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds ports on loopback that are free, and differ from each other.
 */
final class FreePorts {

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
			for (int i = 0; i < count; i++) {
				open.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
			}
			return open.stream().map(ServerSocket::getLocalPort).toList();
		}
		finally {
			for (ServerSocket socket : open) {
				socket.close();
			}
		}
	}

}
