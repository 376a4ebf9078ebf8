package dev.statefun.flinktests.runtime;

import java.util.Map;

import com.google.protobuf.ByteString;
import org.apache.flink.statefun.flink.harness.Harness;
import org.apache.flink.statefun.flink.harness.io.SerializableConsumer;
import org.apache.flink.statefun.sdk.io.EgressIdentifier;
import org.apache.flink.statefun.sdk.reqreply.generated.TypedValue;

/**
 * Specifics of StateFun 3.3.0.
 */
final class Release {

	private Release() {
	}

	static Object message(String typename, byte[] value) {
		return TypedValue.newBuilder()
			.setTypename(typename)
			.setHasValue(true)
			.setValue(ByteString.copyFrom(value))
			.build();
	}

	static void consume(Harness harness, String name) {
		bind(harness, name, (value) -> Output.egress(name, value.getTypename(), value.getValue().toByteArray()));
	}

	static void count(Harness harness, String name) {
		bind(harness, name, (value) -> CountedRecords.add());
	}

	private static void bind(Harness harness, String name, SerializableConsumer<TypedValue> consumer) {
		int slash = name.lastIndexOf('/');
		harness.withConsumingEgress(
				new EgressIdentifier<>(name.substring(0, slash), name.substring(slash + 1), TypedValue.class),
				consumer);
	}

	static void start(Harness harness, int parallelism, Map<String, String> configuration) throws Exception {
		harness.withParallelism(parallelism).start();
	}

}
