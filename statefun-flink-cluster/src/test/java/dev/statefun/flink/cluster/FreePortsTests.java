package dev.statefun.flink.cluster;

import java.net.InetAddress;
import java.net.ServerSocket;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FreePorts}.
 */
class FreePortsTests {

	@Test
	void portsAreFreeAndNoneThatASystemGivesToAConnection() throws Exception {
		assertThat(FreePorts.find(50)).hasSize(50).doesNotHaveDuplicates().allSatisfy((port) -> {
			assertThat(port).isBetween(20_000, 31_999);
			try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
				assertThat(socket.getLocalPort()).isEqualTo(port);
			}
		});
	}

}
