package dev.statefun.sdk.handler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.Any;
import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.ValueSpec;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.User;
import dev.statefun.testwire.v3.FromFunction.ExpirationSpec;
import dev.statefun.testwire.v3.FromFunction.PersistedValueSpec;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MissingStates}: states that the cluster did not send are requested
 * from 3.x clusters and reported to 2.x clusters.
 */
class MissingStatesTests {

	private final FunctionSpec spec = FunctionSpec.of(Cluster.FUNCTION)
		.state("state-c", String.class, Expiration.afterCall(Duration.ofMinutes(5)))
		.state("state-a", Integer.class)
		.state("state-b", Boolean.class, Expiration.afterWrite(Duration.ofDays(1)));

	private final List<Any> handled = new ArrayList<>();

	private final Cluster cluster = Cluster.of(Dialect.V3, this.spec, (context, message) -> this.handled.add(message));

	@Test
	void statesAreRequestedInOrderOfDeclaration() {
		ClusterReply reply = this.cluster.call(Values.user("a"));
		assertThat(reply.missing()).extracting(PersistedValueSpec::getStateName)
			.containsExactly("state-c", "state-a", "state-b");
		assertThat(this.handled).isEmpty();
	}

	@Test
	void onlyMissingStatesAreRequested() {
		ClusterReply reply = this.cluster.call(Cluster.request(Values.user("a")).absentState("state-a"));
		assertThat(reply.missing()).extracting(PersistedValueSpec::getStateName).containsExactly("state-c", "state-b");
	}

	@Test
	void specsHaveAnExpirationOnlyIfTheStateHasOne() {
		// The community verifier compares them as whole messages (protocol.md §11)
		assertThat(this.cluster.call(Values.user("a")).missing()).containsExactly(
				PersistedValueSpec.newBuilder()
					.setStateName("state-c")
					.setTypeTypename("io.statefun.types/string")
					.setExpirationSpec(ExpirationSpec.newBuilder()
						.setMode(ExpirationSpec.ExpireMode.AFTER_INVOKE)
						.setExpireAfterMillis(300_000))
					.build(),
				PersistedValueSpec.newBuilder()
					.setStateName("state-a")
					.setTypeTypename("io.statefun.types/int")
					.build(),
				PersistedValueSpec.newBuilder()
					.setStateName("state-b")
					.setTypeTypename("io.statefun.types/bool")
					.setExpirationSpec(ExpirationSpec.newBuilder()
						.setMode(ExpirationSpec.ExpireMode.AFTER_WRITE)
						.setExpireAfterMillis(86_400_000))
					.build());
	}

	@Test
	void anyStateIsRequestedUnderTheTypeOfAny() {
		Cluster cluster = Cluster.of(Dialect.V3, FunctionSpec.of(Cluster.FUNCTION).state("raw", Any.class),
				(context, message) -> {
				});
		assertThat(cluster.call(Values.user("a")).missing()).singleElement()
			.satisfies(
					(spec) -> assertThat(spec.getTypeTypename()).isEqualTo("type.googleapis.com/google.protobuf.Any"));
	}

	@Test
	void stateIsRequestedUnderItsDeclaredTypename() {
		Cluster cluster = Cluster.of(Dialect.V3,
				FunctionSpec.of(Cluster.FUNCTION).state(ValueSpec.of("user", User.class).typename("shop/User")),
				(context, message) -> {
				});
		assertThat(cluster.call(Values.user("a")).missing()).singleElement()
			.satisfies((spec) -> assertThat(spec.getTypeTypename()).isEqualTo("shop/User"));
	}

	@Test
	void longTimeToLiveIsNotTruncated() {
		Cluster cluster = Cluster.of(Dialect.V3,
				FunctionSpec.of(Cluster.FUNCTION)
					.state("s", Integer.class, Expiration.afterWrite(Duration.ofDays(365L * 100_000_000))),
				(context, message) -> {
				});
		assertThat(cluster.call(Values.user("a")).missing()).singleElement()
			.satisfies((spec) -> assertThat(spec.getExpirationSpec().getExpireAfterMillis())
				.isEqualTo(Duration.ofDays(365L * 100_000_000).toMillis()));
	}

	@Test
	void functionIsCalledWhenNoStateIsMissing() {
		ClusterReply reply = this.cluster.call(
				Cluster.request(Values.user("a")).absentState("state-b").absentState("state-a").absentState("state-c"));
		assertThat(reply).isEqualTo(ClusterReply.NOTHING);
		assertThat(this.handled).containsExactly(Values.user("a"));
	}

	@Test
	void errorOn2xListsTheStatesMissingInModuleYaml() {
		assertThat(Cluster.of(Dialect.V2, this.spec, (context, message) -> this.handled.add(message))
			.failure(Cluster.request(Values.user("a")).absentState("state-a")))
			.isInstanceOf(RequestRefusedException.class)
			.hasMessageContaining("[state-c, state-b]")
			.hasMessageEndingWith("states:\n  - name: state-c\n  - name: state-b");
		assertThat(this.handled).isEmpty();
	}

}
