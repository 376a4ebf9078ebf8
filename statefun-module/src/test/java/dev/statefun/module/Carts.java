package dev.statefun.module;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.google.protobuf.Any;
import dev.statefun.module.settings.BatchTimeLimit;
import dev.statefun.module.settings.Credentials;
import dev.statefun.module.settings.Kafka;
import dev.statefun.module.settings.KafkaEgress;
import dev.statefun.module.settings.KafkaEgress.DeliverySemantic;
import dev.statefun.module.settings.KafkaIngress;
import dev.statefun.module.settings.KafkaIngress.OffsetReset;
import dev.statefun.module.settings.Kinesis;
import dev.statefun.module.settings.KinesisEgress;
import dev.statefun.module.settings.KinesisIngress;
import dev.statefun.module.settings.Region;
import dev.statefun.module.settings.Route;
import dev.statefun.module.settings.StartupPosition;
import dev.statefun.module.settings.Transport;
import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * Functions of these tests, and their settings.
 */
final class Carts {

	static final String ENDPOINT = "http://cart:8080/statefun";

	private static final FunctionHandler NOTHING = (context, message) -> {
	};

	private static final StartupPosition EARLIEST = new StartupPosition(StartupPosition.Type.EARLIEST, null, Map.of());

	private Carts() {
	}

	static StatefulFunctions functions() {
		return StatefulFunctions.builder()
			.register(FunctionSpec.of("shop/stock"), NOTHING)
			.register(FunctionSpec.of("shop/cart")
				.state("items", Any.class, Expiration.afterCall(Duration.ofDays(30)))
				.state("last", long.class, Expiration.afterWrite(Duration.ofSeconds(90)))
				.state("total", long.class), NOTHING)
			.build();
	}

	static StatefulFunctions functionsWithRecord() {
		return StatefulFunctions.builder()
			.register(FunctionSpec.of("shop/stock"), NOTHING)
			.register(FunctionSpec.of("shop/cart").states(CartState.class), NOTHING)
			.build();
	}

	static StatefulFunctions functions(String... types) {
		StatefulFunctions.Builder functions = StatefulFunctions.builder();
		for (String type : types) {
			functions.register(FunctionSpec.of(type), NOTHING);
		}
		return functions.build();
	}

	static ModuleSettings settings(Transport transport) {
		return settings(transport, null);
	}

	static ModuleSettings settings(Transport transport, @Nullable Duration batchTimeout) {
		return new ModuleSettings(ENDPOINT, null, 1000, false, transport,
				BatchTimeLimit.of(batchTimeout, transport.call()), new Kafka(null, List.of(), List.of()),
				new Kinesis(new Region(null, null), new Credentials(null, null, null, null), List.of(), List.of()),
				List.of(), null, null, null);
	}

	static ModuleSettings everything() {
		Route items = new Route("items", "type.googleapis.com/shop.AddItem", List.of("shop/cart", "shop/stock"));
		KafkaIngress names = new KafkaIngress("shop/items", null, "cart", List.of(items), EARLIEST, OffsetReset.LATEST,
				Map.of("security.protocol", "SSL", "fetch.min.bytes", "1"), null, null);
		KafkaIngress offsets = new KafkaIngress("shop/late", "other:9092", "cart",
				List.of(new Route("late", "shop/Late", List.of("shop/cart"))),
				new StartupPosition(StartupPosition.Type.SPECIFIC_OFFSETS, null, Map.of("late/0", 91L, "late/1", 11L)),
				OffsetReset.EARLIEST, Map.of(), null, null);
		KafkaEgress receipts = new KafkaEgress("shop/receipts", null, DeliverySemantic.EXACTLY_ONCE,
				Duration.ofMinutes(15), Map.of("linger.ms", "5"));
		KafkaEgress notes = new KafkaEgress("shop/notes", null, DeliverySemantic.NONE, null, Map.of());
		KinesisIngress clicks = new KinesisIngress("shop/clicks", null, null,
				new StartupPosition(StartupPosition.Type.DATE, Instant.parse("2026-11-25T14:00:00Z"), Map.of()),
				List.of(new Route("clicks", "shop/Click", List.of("shop/stock"))), Map.of("maxConnections", "10"));
		KinesisEgress shown = new KinesisEgress("shop/shown", new Region("eu-central-1", "http://kinesis:4567"),
				new Credentials("key", "secret", null, null), 500, Map.of());
		return new ModuleSettings(ENDPOINT, null, 500, false, Transport.async(), BatchTimeLimit.of(null, null),
				new Kafka("kafka:9092", List.of(names, offsets), List.of(receipts, notes)),
				new Kinesis(new Region("eu-west-1", null), new Credentials(null, null, "shop", "/etc/aws"),
						List.of(clicks), List.of(shown)),
				List.of(EgressId.parse("shop/receipts"), EgressId.parse("ops/dead-letters")), null, null, null);
	}

	private record CartState(@Persisted(expireAfterCall = "30d") PersistedValue<Any> items,
			@Persisted(expireAfterWrite = "90s") PersistedValue<Long> last, PersistedValue<Long> total) {

	}

}
