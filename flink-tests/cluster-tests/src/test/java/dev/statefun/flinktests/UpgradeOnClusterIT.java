package dev.statefun.flinktests;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.statefun.flink.cluster.FlinkCluster;
import dev.statefun.flink.cluster.FlinkRelease;
import dev.statefun.flinktests.upgrade.FirstRelease;
import dev.statefun.flinktests.upgrade.SecondRelease;
import dev.statefun.manifest.StateChange;
import dev.statefun.manifest.StateChange.Kind;
import dev.statefun.manifest.StateManifest;
import dev.statefun.module.ModuleFormat;
import dev.statefun.module.ModuleGenerator;
import dev.statefun.module.ModuleSettings;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.test.FlinkClusterTester;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Upgrades a service: stops its job with a savepoint, starts its second release, and goes
 * on from there. What the manifest says about the states before is what happens.
 */
@Tag("soak")
@Timeout(240)
class UpgradeOnClusterIT {

	private static final String CART = "upgrade/cart";

	private static final int IDS = 50;

	@TempDir
	private Path folder;

	@Test
	void statesAreIntactAfterAnUpgradeOf3x() {
		upgrade(FlinkRelease.STATEFUN_3_3, ModuleFormat.V3);
	}

	@Test
	void statesAreIntactAfterAnUpgradeOf2x() {
		upgrade(FlinkRelease.STATEFUN_2_2, ModuleFormat.V2);
	}

	private void upgrade(FlinkRelease release, ModuleFormat format) {
		try (FlinkCluster cluster = FlinkCluster.builder()
			.release(release)
			.taskManagers(2)
			.parallelism(1)
			.folder(this.folder)
			.egresses(FirstRelease.EGRESS)
			.start()) {
			StateManifest before;
			String savepoint;
			try (ConfigurableApplicationContext service = start(FirstRelease.class)) {
				before = StateManifest.of(functions(service));
				cluster.submit(module(service, format));
				FlinkClusterTester tester = FlinkClusterTester.of(cluster, functions(service));
				sendToAll(tester, 5);
				assertThat(take(tester)).isEqualTo(all("%s 5"));
				savepoint = cluster.stopWithSavepoint();
			}
			try (ConfigurableApplicationContext service = start(SecondRelease.class)) {
				List<StateChange> changes = StateManifest.of(functions(service)).changesSince(before);
				assertThat(changes).extracting(StateChange::function, StateChange::state, StateChange::kind)
					.containsExactlyInAnyOrder(tuple("upgrade/audit", null, Kind.FUNCTION_ADDED),
							tuple(CART, "added", Kind.ADDED), tuple(CART, "last", Kind.FIELD_ADDED));
				assertThat(changes).noneMatch(StateChange::isBreaking);
				cluster.submit(module(service, format), savepoint);
				FlinkClusterTester tester = FlinkClusterTester.of(cluster, functions(service));
				take(tester);
				sendToAll(tester, 6);
				assertThat(take(tester))
					.isEqualTo(all("%s 11, 1 since the upgrade, after Order[id=order, amount=5, note=Optional.empty]"));
				cluster.rescale(3);
				sendToAll(tester, 7);
				assertThat(take(tester))
					.isEqualTo(all("%s 18, 2 since the upgrade, after Order[id=order, amount=6, note=Optional[gift]]"));
				assertThat(cluster.restarts()).isZero();
			}
		}
	}

	private static void sendToAll(FlinkClusterTester tester, int amount) {
		IntStream.range(0, IDS).forEach((id) -> tester.send(amount).to(CART, "id-" + id));
	}

	private static Set<String> take(FlinkClusterTester tester) {
		return new TreeSet<>(tester.take(FirstRelease.EGRESS, IDS, String.class));
	}

	private static Set<String> all(String text) {
		return IntStream.range(0, IDS)
			.mapToObj((id) -> text.formatted("id-" + id))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static ConfigurableApplicationContext start(Class<?> release) {
		return SpringApplication.run(release, "--server.port=0", "--server.address=127.0.0.1");
	}

	private static StatefulFunctions functions(ConfigurableApplicationContext service) {
		return service.getBean(StatefulFunctions.class);
	}

	private static String module(ConfigurableApplicationContext service, ModuleFormat format) {
		int port = ((WebServerApplicationContext) service).getWebServer().getPort();
		return new ModuleGenerator(functions(service), ModuleSettings.of("http://127.0.0.1:" + port + "/statefun"))
			.generate(format);
	}

}
