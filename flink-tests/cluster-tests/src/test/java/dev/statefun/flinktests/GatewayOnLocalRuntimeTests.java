package dev.statefun.flinktests;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tests the gateway in the local runtime. {@link GatewayOnClusterIT} tests the same in
 * clusters.
 */
class GatewayOnLocalRuntimeTests {

	@Test
	@Timeout(120)
	void contractHolds() throws Exception {
		try (GatewayService service = GatewayService.start("--statefun.local-runtime.enabled=true",
				"--statefun.local-runtime.ingress-port=0", "--statefun.local-runtime.egress-port=0")) {
			GatewayContract contract = new GatewayContract(service.client());
			contract.check();
			contract.ask(500, 16, () -> null).assertAsIn(contract.histories(500));
		}
	}

}
