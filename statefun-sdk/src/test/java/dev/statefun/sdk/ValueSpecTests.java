package dev.statefun.sdk;

import java.time.Duration;

import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply.StateChange;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.Count;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ValueSpec}. State names may have hyphens, which the runtime allows and
 * the official 3.x SDKs refuse.
 */
class ValueSpecTests {

	@ParameterizedTest
	@ValueSource(strings = { "count", "state-a", "_x", "Größe", "a.b", "1st", "with blank", "batches" })
	void everyNameThatTheRuntimeAcceptsIsValid(String name) {
		assertThat(ValueSpec.of(name, Count.class).name()).isEqualTo(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "batch", "request-state" })
	void namesReservedByTheRuntimeAreRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> ValueSpec.of(name, Count.class))
			.withMessageContaining("'" + name + "'")
			.withMessageContaining("used by the cluster itself");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " " })
	void blankNamesAreRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> ValueSpec.of(name, Count.class));
	}

	@Test
	void secondDeclarationOfAStateIsRefused() {
		FunctionSpec spec = FunctionSpec.of("example/f").state("count", Count.class);
		assertThatIllegalArgumentException().isThrownBy(() -> spec.state("count", Count.class))
			.withMessage(
					"Function 'example/f' declares state 'count' twice. " + "Give one of the states another name.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "count", "/count", "shop/", "a/b/c", "" })
	void typenameNeedsExactlyOneSlash(String typename) {
		// Anything else fails the job (protocol.md §4.1)
		assertThatIllegalArgumentException().isThrownBy(() -> ValueSpec.of("count", Count.class).typename(typename))
			.withMessageContaining("exactly one '/'");
	}

	@Test
	void stateNameMayHaveAHyphen() {
		Cluster cluster = Cluster.of(Dialect.V3, FunctionSpec.of(Cluster.FUNCTION).state("state-a", Integer.class),
				(context, message) -> context.state("state-a", Integer.class).set(1));
		assertThat(cluster.call(Cluster.request(Values.user("a")).absentState("state-a")).stateChanges())
			.containsExactly(new StateChange("state-a", Values.integer(1)));
	}

	@Test
	void timeToLiveIsAtLeastAMillisecond() {
		// Zero fails the job (protocol.md §13.17)
		ValueSpec<Count> spec = ValueSpec.of("count", Count.class);
		assertThatIllegalArgumentException().isThrownBy(() -> spec.expireAfterWrite(Duration.ZERO));
		assertThatIllegalArgumentException().isThrownBy(() -> spec.expireAfterCall(Duration.ofNanos(999_999)));
		assertThatIllegalArgumentException().isThrownBy(() -> spec.expireAfterCall(Duration.ofMillis(-1)));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> spec.expireAfterWrite(Duration.ofSeconds(Long.MAX_VALUE)));
		assertThat(spec.expireAfterWrite(Duration.ofMillis(1)).expiration().timeToLive())
			.isEqualTo(Duration.ofMillis(1));
	}

}
