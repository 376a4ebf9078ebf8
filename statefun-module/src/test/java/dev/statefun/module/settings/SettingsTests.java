package dev.statefun.module.settings;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.statefun.module.settings.KafkaEgress.DeliverySemantic;
import dev.statefun.module.settings.StartupPosition.Type;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the checks of all settings.
 */
class SettingsTests {

	private static final List<Route> ROUTES = List.of(new Route("items", "shop/AddItem", List.of("shop/cart")));

	@Test
	void ingressNeedsAnIdAndTopics() {
		assertRejected(() -> new KafkaIngress(" ", null, "cart", ROUTES, null, null, null, null, null),
				"'id' of a module's ingress or egress must be set");
		assertRejected(() -> new KafkaIngress("shop/items", null, "", ROUTES, null, null, null, null, null),
				"'consumer-group-id' of a module's ingress or egress must be set");
		assertRejected(() -> new KafkaIngress("shop/items", null, "cart", List.of(), null, null, null, null, null),
				"Ingress 'shop/items' has no 'topics'");
		assertRejected(() -> new KinesisIngress("shop/clicks", null, null, null, List.of(), null),
				"Ingress 'shop/clicks' has no 'streams'");
		assertRejected(() -> new Route("items", "shop/AddItem", List.of()), "'items' has no 'targets'");
		assertRejected(() -> new Route("items", "", List.of("shop/cart")),
				"'value-type' of a module's ingress or egress must be set");
	}

	@Test
	void positionHasWhatItsTypeNeeds() {
		assertRejected(() -> new StartupPosition(null, Instant.EPOCH, null),
				"A startup position of the type 'date', and no other, has a 'date'");
		assertRejected(() -> new StartupPosition(Type.DATE, null, null),
				"A startup position of the type 'date', and no other, has a 'date'");
		assertRejected(() -> new StartupPosition(Type.SPECIFIC_OFFSETS, null, Map.of()),
				"A startup position of the type 'specific-offsets', and no other, has 'offsets'");
		assertRejected(() -> new StartupPosition(Type.LATEST, null, Map.of("items/0", 1L)),
				"A startup position of the type 'specific-offsets', and no other, has 'offsets'");
	}

	@Test
	void kinesisHasNoGroupOffsets() {
		StartupPosition position = new StartupPosition(Type.GROUP_OFFSETS, null, null);
		assertRejected(() -> new KinesisIngress("shop/clicks", null, null, position, ROUTES, null),
				"Ingress 'shop/clicks' of Kinesis begins at 'latest', 'earliest' or a 'date'");
	}

	@Test
	void onlyExactlyOnceHasATransactionTimeout() {
		String message = "Egress 'shop/receipts': the delivery semantic 'exactly-once', and no other, has a "
				+ "'transaction-timeout'";
		assertRejected(() -> new KafkaEgress("shop/receipts", null, DeliverySemantic.EXACTLY_ONCE, null, null),
				message);
		assertRejected(() -> new KafkaEgress("shop/receipts", null, null, Duration.ofMinutes(1), null), message);
	}

	@Test
	void credentialsAreAKeyOrAProfile() {
		assertRejected(() -> new Credentials("key", null, null, null),
				"'access-key-id' and 'secret-access-key' belong together; only one is set");
		assertRejected(() -> new Credentials("key", "secret", "shop", null),
				"Credentials for AWS are either an access key or a profile; both are set");
		assertRejected(() -> new Credentials(null, null, null, "/etc/aws"), "A 'profile-path' needs a 'profile-name'");
		assertThat(new Credentials("key", "secret", null, null)).hasToString("Credentials[******]");
	}

	@Test
	void endpointOfARegionNeedsAnId() {
		assertRejected(() -> new Region(null, "http://kinesis:4567"),
				"A region of AWS with an 'endpoint' needs an 'id'");
	}

	@Test
	void certificateNeedsAKey() {
		assertRejected(
				() -> new Transport(Transport.Type.ASYNC, null, null, null, null, 8, Duration.ofSeconds(1), 1024, null,
						"/certs/client.pem", null, null),
				"'statefun.module.transport.client-cert' and 'client-key' belong together; only one is set");
	}

	private static void assertRejected(ThrowingCallable creation, String message) {
		assertThatIllegalArgumentException().isThrownBy(creation).withMessage(message);
	}

}
