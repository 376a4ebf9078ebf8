package dev.statefun.flinktests;

import java.time.Duration;
import java.util.List;

import com.google.protobuf.ByteString;
import dev.statefun.flinktests.program.Commands;
import dev.statefun.flinktests.program.Expectation;
import dev.statefun.local.LocalRuntime;
import dev.statefun.sdk.Address;
import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runtime that executes programs: a released runtime, or the local one.
 */
interface ProgramRuntime {

	String EGRESS = "program/out";

	/**
	 * Send a message as an ingress does.
	 * @param target the receiver
	 * @param message the message
	 */
	void send(Address target, Commands message);

	/**
	 * Wait for records.
	 * @param count minimum number of records from the start on
	 * @param limit how long to wait
	 */
	void await(int count, Duration limit);

	/**
	 * Wait until messages in flight must have arrived.
	 */
	void settle();

	/**
	 * Return the records so far.
	 * @return the records, in the form of {@link Expectation#record}
	 */
	List<String> records();

	private static String record(ByteString bytes) {
		KafkaRecord record = KafkaRecord.parse(bytes);
		assertThat(record.topic()).isEqualTo("program");
		return Expectation.record(record.key(), record.value());
	}

	/**
	 * A released runtime.
	 *
	 * @param runtime the runtime
	 * @param service encodes the messages
	 */
	record Released(FlinkStatefunRuntime runtime, ProgramService service) implements ProgramRuntime {

		private static final Duration LIMIT = Duration.ofSeconds(60);

		@Override
		public void send(Address target, Commands message) {
			this.runtime.send(target.type().toString(), target.id(), this.service.messages().typename(),
					this.service.encode(message));
		}

		@Override
		public void await(int count, Duration limit) {
			this.runtime.awaitEgress(EGRESS, count, limit);
		}

		@Override
		public void settle() {
			this.runtime.awaitCheckpoints(1, LIMIT);
		}

		@Override
		public List<String> records() {
			this.runtime.assertRunning();
			return this.runtime.egress(EGRESS).stream().map((sent) -> ProgramRuntime.record(sent.value())).toList();
		}

	}

	/**
	 * The local runtime, with a clock of either kind.
	 *
	 * @param runtime the runtime
	 */
	record Local(LocalRuntime runtime) implements ProgramRuntime {

		@Override
		public void send(Address target, Commands message) {
			this.runtime.send(target, message);
		}

		@Override
		public void await(int count, Duration limit) {
			Awaitility.await(count + " records").atMost(limit).until(() -> {
				// Fails if the runtime has
				this.runtime.runUntilIdle();
				return this.runtime.egress().size() >= count;
			});
		}

		@Override
		public void settle() {
			this.runtime.runUntilIdle();
		}

		@Override
		public List<String> records() {
			return this.runtime.egress().stream().map((sent) -> {
				assertThat(sent.egress()).isEqualTo(EGRESS);
				return ProgramRuntime.record(sent.record().getValue());
			}).toList();
		}

	}

}
