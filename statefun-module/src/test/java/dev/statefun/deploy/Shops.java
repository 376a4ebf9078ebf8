package dev.statefun.deploy;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.statefun.deploy.DeploymentSettings.Application;
import dev.statefun.deploy.DeploymentSettings.Cluster;
import dev.statefun.deploy.DeploymentSettings.Health;
import dev.statefun.deploy.DeploymentSettings.Ports;
import dev.statefun.module.ModuleGenerator;
import dev.statefun.module.ModuleRuntime;
import dev.statefun.module.ModuleSettings;
import dev.statefun.module.settings.Kafka;
import dev.statefun.module.settings.KafkaIngress;
import dev.statefun.module.settings.Route;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * Deployments of these tests.
 */
final class Shops {

	static final String SECRET = "q7Rk2vXw-0123456789";

	static final String JAAS = "org.example.Login required username=\"shop\" password=\"pa$$word: it's `x` \\ #1\";";

	static final String IMAGE = "registry.example.com/flink-with-statefun:1.0";

	private static final FunctionHandler NOTHING = (context, message) -> {
	};

	private Shops() {
	}

	static DeploymentFiles files(ModuleRuntime runtime) {
		return new DeploymentFiles(settings(runtime, null), modules(runtime, true));
	}

	static DeploymentFiles withoutSecrets(ModuleRuntime runtime) {
		return new DeploymentFiles(settings(runtime, "s3://shop/flink/"), modules(runtime, false));
	}

	// For all targets: the operator does not run the image of StateFun
	static DeploymentFiles withImage(ModuleRuntime runtime) {
		return new DeploymentFiles(withImage(settings(runtime, null)), modules(runtime, true));
	}

	static DeploymentFiles withImageAndWithoutSecrets(ModuleRuntime runtime) {
		return new DeploymentFiles(withImage(settings(runtime, "s3://shop/flink/")), modules(runtime, false));
	}

	private static DeploymentSettings withImage(DeploymentSettings settings) {
		Cluster cluster = settings.cluster();
		return new DeploymentSettings(settings.name(), settings.namespace(), settings.application(),
				new Cluster(cluster.runtime(), IMAGE, cluster.taskManagers(), cluster.checkpoints(), cluster.kafka()));
	}

	// As an application whose rest has another port
	static DeploymentFiles files(String name, int replicas, boolean kafka, @Nullable String checkpoints) {
		DeploymentSettings settings = settings(ModuleRuntime.APACHE_3_3, checkpoints);
		Application shop = settings.application();
		Application application = new Application(shop.image(), replicas, shop.ports(), shop.health(),
				shop.shutdownPhase(), shop.environment());
		Cluster cluster = new Cluster(ModuleRuntime.APACHE_3_3, null, 1, checkpoints, kafka);
		return new DeploymentFiles(new DeploymentSettings(name, "sales", application, cluster),
				modules(ModuleRuntime.APACHE_3_3, false));
	}

	// As an application that itself connects with the broker of a Compose file
	static DeploymentFiles withClient(boolean kafka) {
		DeploymentSettings settings = settings(ModuleRuntime.APACHE_3_3, null);
		Application shop = settings.application();
		Application application = new Application(shop.image(), 1, shop.ports(), shop.health(), shop.shutdownPhase(),
				Map.of("SPRING_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092"));
		return new DeploymentFiles(
				new DeploymentSettings("shop", "sales", application,
						new Cluster(ModuleRuntime.APACHE_3_3, null, 1, null, kafka)),
				modules(ModuleRuntime.APACHE_3_3, false));
	}

	static DeploymentSettings settings(ModuleRuntime runtime, @Nullable String checkpoints) {
		Application application = new Application("registry.example.com/shop:1.0", 2, new Ports(9443, 8080, 9090),
				new Health(9090, false, "/manage/health/liveness", "/manage/health/readiness"), Duration.ofSeconds(60),
				Map.of("SERVER_PORT", "8080", "STATEFUN_SERVER_PORT", "9443"));
		return new DeploymentSettings("shop", "sales", application, new Cluster(runtime, null, 3, checkpoints, true));
	}

	static ModuleGenerator modules(ModuleRuntime runtime, boolean secrets) {
		StatefulFunctions functions = StatefulFunctions.builder()
			.register(FunctionSpec.of("shop/cart"), NOTHING)
			.build();
		KafkaIngress ingress = new KafkaIngress("shop/items", null, "cart",
				List.of(new Route("items", "shop/AddItem", List.of("shop/cart"))), null, null,
				secrets ? Map.of("sasl.jaas.config", JAAS) : null, null, null);
		ModuleSettings settings = ModuleSettings.of("http://shop:9443/statefun")
			.runtime(runtime)
			.kafka(new Kafka("kafka:9092", List.of(ingress), List.of()));
		if (secrets) {
			settings = new ModuleSettings(settings.endpoint() + "/" + SECRET, SECRET, 1000, false, settings.transport(),
					settings.batchTimeLimit(), settings.kafka(), settings.kinesis(), List.of(), runtime, null, null);
		}
		return new ModuleGenerator(functions, settings);
	}

}
