package dev.statefun.flinktests;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.google.protobuf.ByteString;
import dev.statefun.flinktests.release.ReleaseApplication;
import dev.statefun.flinktests.release.States;
import dev.statefun.manifest.StateChange;
import dev.statefun.manifest.StateChange.Kind;
import dev.statefun.manifest.StateManifest;
import dev.statefun.manifest.Verdict;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * Tests how 3.3.0 treats states that are declared differently than in the previous
 * release, and that {@link StateManifest} reports it. All jobs start with the states that
 * the first one has stored.
 */
class StatesOfReleasesOnFlinkIT {

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private static final Path DIRECTORY = Path.of("target/flink/releases");

	private static final List<String> FUNCTIONS = List.of("typed", "switched", "shorter", "longer", "renamed",
			"removed", "grown");

	private static StateManifest first;

	private static Path checkpoint;

	private static Map<String, String> whileRunning;

	@BeforeAll
	static void storeStates() {
		Checkpoints checkpoints = Checkpoints.in(DIRECTORY.resolve("checkpoints"));
		ConfigurableApplicationContext service = start(States.FIRST, 0);
		int port = port(service);
		try (FlinkStatefunRuntime runtime = describe(port).keepCheckpoints(checkpoints.directory())
			.configuration("state.checkpoints.num-retained", "100")
			.start(DIRECTORY.resolve("first"))) {
			first = manifest(service);
			for (String function : FUNCTIONS) {
				ask(runtime, function, "stored", States.WRITE);
			}
			runtime.awaitCheckpoints(1, LIMIT);
			checkpoint = checkpoints.get(runtime.lastCheckpoint());
			for (String function : List.of("shorter", "longer")) {
				ask(runtime, function, "running", States.WRITE);
			}
			service.close();
			service = start(States.SECOND, port);
			awaitExpiry();
			whileRunning = Map.of("shorter", ask(runtime, "shorter", "running", States.READ), "longer",
					ask(runtime, "longer", "running", States.READ));
		}
		finally {
			service.close();
		}
	}

	@Test
	void changedTimeToLiveIsIgnoredUntilTheJobRestarts() {
		assertThat(whileRunning).isEqualTo(Map.of("shorter", "value=true", "longer", "value=false"));
	}

	@Test
	void changedTimesToLiveAndNamesTakeEffectWhenTheJobRestarts() {
		try (ConfigurableApplicationContext service = start(States.SECOND, 0);
				FlinkStatefunRuntime runtime = restore(service, "second")) {
			assertThat(ask(runtime, "typed", "stored", States.READ)).isEqualTo("value=true");
			assertThat(ask(runtime, "switched", "stored", States.READ)).isEqualTo("value=true");
			assertThat(ask(runtime, "shorter", "stored", States.READ)).isEqualTo("value=false");
			assertThat(ask(runtime, "longer", "stored", States.READ)).isEqualTo("value=true");
			assertThat(ask(runtime, "renamed", "stored", States.READ)).isEqualTo("new=false");
			assertThat(ask(runtime, "removed", "stored", States.READ)).isEqualTo("value=true");
			assertThat(ask(runtime, "grown", "stored", States.READ)).isEqualTo(
					"json=Second[shape=OtherCircle[radius=6.0], color=RED, list=[4, 5], item=LargerItem[name=item, "
							+ "tags=null], number=3, renamed=2, kept=kept, added=0, note=Optional.empty] "
							+ "retyped={value: -7} renamed={file_name: \"name\"} added={seconds: 8} "
							+ "removed={value: 9 2: 10}");
			runtime.awaitCheckpoints(1, LIMIT);
			runtime.assertRunning();
			List<StateChange> changes = manifest(service).changesSince(first);
			assertThat(changes).filteredOn((change) -> change.function().equals("release/grown"))
				.extracting(StateChange::state, StateChange::path, StateChange::kind, StateChange::forward,
						StateChange::back)
				.containsExactlyInAnyOrder(
						tuple("json", "removed", Kind.FIELD_REMOVED, Verdict.READABLE_WITH_LOSS, Verdict.READABLE),
						tuple("json", "former", Kind.FIELD_RENAMED, Verdict.READABLE, Verdict.READABLE_WITH_LOSS),
						tuple("json", "number", Kind.FIELD_RETYPED, Verdict.READABLE, Verdict.UNREADABLE),
						tuple("json", "item.tags", Kind.FIELD_ADDED, Verdict.READABLE, Verdict.READABLE_WITH_LOSS),
						tuple("json", "list[]", Kind.FIELD_RETYPED, Verdict.READABLE, Verdict.UNREADABLE),
						tuple("json", "color", Kind.CONSTANT_ADDED, Verdict.READABLE, Verdict.UNREADABLE),
						tuple("json", "shape", Kind.SUBTYPE_ADDED, Verdict.READABLE, Verdict.UNREADABLE),
						tuple("json", "added", Kind.FIELD_ADDED, Verdict.READABLE, Verdict.READABLE_WITH_LOSS),
						tuple("json", "note", Kind.FIELD_ADDED, Verdict.READABLE, Verdict.READABLE_WITH_LOSS),
						tuple("retyped", "value", Kind.FIELD_RETYPED, Verdict.READABLE, Verdict.READABLE_WITH_LOSS),
						tuple("renamed", "file_name", Kind.FIELD_RENAMED, Verdict.READABLE, Verdict.READABLE),
						tuple("added", "seconds", Kind.FIELD_RENAMED, Verdict.READABLE, Verdict.READABLE),
						tuple("added", "nanos", Kind.FIELD_ADDED, Verdict.READABLE, Verdict.READABLE),
						tuple("removed", "value", Kind.FIELD_RENAMED, Verdict.READABLE, Verdict.READABLE),
						tuple("removed", "nanos", Kind.FIELD_REMOVED, Verdict.READABLE, Verdict.READABLE));
			assertThat(changes).filteredOn((change) -> !change.function().equals("release/grown"))
				.extracting(StateChange::function, StateChange::kind, StateChange::isBreaking)
				.containsExactlyInAnyOrder(change("shorter", Kind.TTL_CHANGED, false),
						change("longer", Kind.TTL_CHANGED, false), change("renamed", Kind.RENAMED, true),
						change("removed", Kind.REMOVED, false));
			assertThat(changes).filteredOn((change) -> change.kind() == Kind.TTL_CHANGED)
				.extracting(StateChange::consequence)
				.allSatisfy((consequence) -> assertThat(consequence)
					.startsWith("A running job ignores it until it restarts"));
		}
	}

	@Test
	void anotherTypeFailsTheJob() {
		assertFails(States.OTHER_TYPE, change("typed", Kind.TYPE_CHANGED, true),
				"RemoteValueTypeMismatchException: Previous type was: TypeName(io.statefun.types, int), "
						+ "new type is: TypeName(io.statefun.types, long)");
	}

	@Test
	void expiryThatIsTurnedOnFailsTheJob() {
		assertFails(States.EXPIRING, change("switched", Kind.TTL_SWITCHED, true),
				"StateMigrationException: For heap backends, the new state serializer");
	}

	private static void assertFails(States states, Tuple change, String reason) {
		String function = (String) change.toList().get(0);
		try (ConfigurableApplicationContext service = start(states, 0);
				FlinkStatefunRuntime runtime = restore(service, states.name())) {
			send(runtime, function.substring(function.indexOf('/') + 1), "stored", States.READ);
			await().atMost(LIMIT)
				.untilAsserted(() -> assertThatExceptionOfType(AssertionError.class).isThrownBy(runtime::assertRunning)
					.withMessageContaining(reason));
			assertThat(manifest(service).changesSince(first))
				.extracting(StateChange::function, StateChange::kind, StateChange::isBreaking)
				.contains(change);
		}
	}

	private static Tuple change(String function, Kind kind, boolean breaking) {
		return tuple("release/" + function, kind, breaking);
	}

	// Waits until values that were stored by now have expired
	private static void awaitExpiry() {
		long expired = System.nanoTime() + States.SHORT.plusMillis(500).toNanos();
		await().atMost(LIMIT).until(() -> System.nanoTime() > expired);
	}

	private static ConfigurableApplicationContext start(States states, int port) {
		return SpringApplication.run(ReleaseApplication.class, "--states=" + states, "--server.port=" + port,
				"--server.address=127.0.0.1", "--spring.jackson.deserialization.fail-on-null-for-primitives=false");
	}

	private static int port(ConfigurableApplicationContext service) {
		return ((WebServerApplicationContext) service).getWebServer().getPort();
	}

	private static StateManifest manifest(ConfigurableApplicationContext service) {
		return StateManifest.of(service.getBean(StatefulFunctions.class));
	}

	private static FlinkStatefunRuntime.Builder describe(int port) {
		URI endpoint = URI.create("http://127.0.0.1:" + port + "/statefun");
		return FlinkStatefunRuntime.of(Release.V3_3_0, ModuleYaml.v3(endpoint, "async", "release/*"))
			.egress(States.EGRESS)
			.parallelism(1);
	}

	private static FlinkStatefunRuntime restore(ConfigurableApplicationContext service, String name) {
		return describe(port(service)).restore(checkpoint).start(DIRECTORY.resolve(name));
	}

	private static void send(FlinkStatefunRuntime runtime, String function, String id, String type) {
		runtime.send("release/" + function, id, type, ByteString.EMPTY);
	}

	// The functions answer in order, as each question waits for its answer
	private static String ask(FlinkStatefunRuntime runtime, String function, String id, String type) {
		int before = runtime.egress(States.EGRESS).size();
		send(runtime, function, id, type);
		KafkaRecord answer = KafkaRecord
			.parse(runtime.awaitEgress(States.EGRESS, before + 1, LIMIT).get(before).value());
		assertThat(answer.key()).isEqualTo(function);
		return answer.value();
	}

}
