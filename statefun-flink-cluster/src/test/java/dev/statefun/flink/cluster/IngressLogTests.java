package dev.statefun.flink.cluster;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import com.google.protobuf.StringValue;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Headers;
import dev.statefun.testing.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link IngressLog}.
 */
@Timeout(60)
class IngressLogTests {

	private static final FunctionType TYPE = FunctionType.of("test", "counter");

	@TempDir
	private Path folder;

	private final Map<Integer, Long> offsets = new TreeMap<>();

	IngressLogTests() {
		for (int i = 0; i < IngressLog.PARTITIONS; i++) {
			this.offsets.put(i, 0L);
		}
	}

	@Test
	void messagesOfAnInstanceStayInOrderAcrossRestarts() throws Exception {
		try (IngressLog log = IngressLog.open(this.folder)) {
			log.append(Address.of(TYPE, "a"), Values.text("1"), Headers.empty());
			log.append(Address.of(TYPE, "b"), Values.text("x"), Headers.empty());
			log.append(Address.of(TYPE, "a"), Values.text("2"), Headers.empty());
			assertThat(read(log)).contains("a 1", "b x", "a 2").hasSize(3);
		}
		try (IngressLog log = IngressLog.open(this.folder)) {
			log.append(Address.of(TYPE, "a"), Values.text("3"), Headers.empty());
			assertThat(read(log)).containsExactly("a 3");
			assertThat(log.size()).isEqualTo(4);
			this.offsets.replaceAll((partition, offset) -> 0L);
			assertThat(read(log)).containsSubsequence("a 1", "a 2", "a 3").hasSize(4);
		}
	}

	@Test
	void headersFollowAMessageThatHasSome() throws Exception {
		try (IngressLog log = IngressLog.open(this.folder)) {
			log.append(Address.of(TYPE, "a"), Values.text("1"), Headers.of("tenant", "acme"));
			log.append(Address.of(TYPE, "a"), Values.text("2"), Headers.empty());
		}
		try (IngressLog log = IngressLog.open(this.folder)) {
			assertThat(read(log)).containsExactly("a 1 acme", "a 2");
		}
	}

	@Test
	void instancesAreSpreadOverPartitions() throws Exception {
		try (IngressLog log = IngressLog.open(this.folder)) {
			for (int i = 0; i < 1600; i++) {
				log.append(Address.of(TYPE, "id-" + i), Values.text("x"), Headers.empty());
			}
			read(log);
		}
		assertThat(this.offsets.values()).allSatisfy((size) -> assertThat(size).isBetween(50L, 200L));
	}

	@Test
	void messageThatWasCutByAKillIsDropped() throws Exception {
		Address target = Address.of(TYPE, "a");
		try (IngressLog log = IngressLog.open(this.folder)) {
			log.append(target, Values.text("1"), Headers.empty());
		}
		Path file;
		try (var files = Files.list(this.folder)) {
			file = files.filter((each) -> each.toFile().length() > 0).findFirst().orElseThrow();
		}
		for (int length : new int[] { 1, 4, 10 }) {
			byte[] part = new byte[length];
			part[Math.min(3, length - 1)] = 50;
			Files.write(file, part, StandardOpenOption.APPEND);
			try (IngressLog log = IngressLog.open(this.folder)) {
				assertThat(log.size()).as("with %d bytes of another one", length).isEqualTo(1);
			}
		}
		try (IngressLog log = IngressLog.open(this.folder)) {
			log.append(target, Values.text("2"), Headers.empty());
			assertThat(read(log)).containsExactly("a 1", "a 2");
		}
	}

	@Test
	void readWaitsForAMessage() throws Exception {
		try (IngressLog log = IngressLog.open(this.folder)) {
			assertThat(read(log)).isEmpty();
			CompletableFuture<List<String>> reading = CompletableFuture.supplyAsync(() -> {
				try {
					return read(log, 30_000);
				}
				catch (Exception ex) {
					throw new AssertionError(ex);
				}
			});
			log.append(Address.of(TYPE, "a"), Values.text("1"), Headers.empty());
			assertThat(reading.join()).containsExactly("a 1");
		}
	}

	@Test
	void offsetOfAnotherLogIsRefused() throws Exception {
		try (IngressLog log = IngressLog.open(this.folder)) {
			this.offsets.put(3, 7L);
			assertThatIllegalArgumentException().isThrownBy(() -> read(log))
				.withMessage("Partition 3 of the ingress has 0 messages, but the job has read 7 of them: its savepoint "
						+ "belongs to another state folder. Use the folder that the savepoint was made with");
			assertThatIllegalArgumentException()
				.isThrownBy(() -> log.read(Map.of(16, 0L), 0, new DataOutputStream(new ByteArrayOutputStream())))
				.withMessage("There is no partition 16 of 16");
		}
	}

	@Test
	void answerIsBounded() throws Exception {
		try (IngressLog log = IngressLog.open(this.folder)) {
			String large = "x".repeat(300_000);
			for (int i = 0; i < 40; i++) {
				log.append(Address.of(TYPE, "a"), Values.text(large), Headers.empty());
			}
			int all = read(log).size();
			assertThat(all).isLessThan(10);
			while (all < 40) {
				all += read(log).size();
			}
			assertThat(read(log)).isEmpty();
		}
	}

	private List<String> read(IngressLog log) throws IOException, InterruptedException {
		return read(log, 0);
	}

	private List<String> read(IngressLog log, long wait) throws IOException, InterruptedException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		log.read(this.offsets, wait, new DataOutputStream(bytes));
		DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
		List<String> messages = new ArrayList<>();
		int count = in.readInt();
		for (int i = 0; i < count; i++) {
			this.offsets.merge(in.readInt(), 1L, Long::sum);
			byte[] message = new byte[in.readInt()];
			in.readFully(message);
			List<byte[]> parts = Parts.split(message);
			assertThat(Parts.text(parts.get(0)) + "/" + Parts.text(parts.get(1))).isEqualTo("test/counter");
			assertThat(Parts.text(parts.get(3))).isEqualTo("io.statefun.types/string");
			String tenant = (parts.size() > 5) ? Headers.ofMessage(parts.get(5)).get("tenant").orElseThrow() : "";
			messages
				.add((Parts.text(parts.get(2)) + " " + StringValue.parseFrom(parts.get(4)).getValue() + " " + tenant)
					.stripTrailing());
		}
		assertThat(in.available()).isZero();
		return messages;
	}

}
