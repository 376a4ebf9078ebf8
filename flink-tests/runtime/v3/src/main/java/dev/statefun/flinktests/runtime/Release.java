package dev.statefun.flinktests.runtime;

import java.util.Map;

import com.google.protobuf.ByteString;
import org.apache.flink.statefun.flink.harness.Harness;
import org.apache.flink.statefun.sdk.io.EgressIdentifier;
import org.apache.flink.statefun.sdk.reqreply.generated.TypedValue;

/**
 * What is particular to StateFun 3.3.0.
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
		int slash = name.lastIndexOf('/');
		EgressIdentifier<TypedValue> egress = new EgressIdentifier<>(name.substring(0, slash),
				name.substring(slash + 1), TypedValue.class);
		harness.withConsumingEgress(egress,
				(value) -> Output.egress(name, value.getTypename(), value.getValue().toByteArray()));
	}

	static void start(Harness harness, int parallelism, Map<String, String> configuration) throws Exception {
		harness.withParallelism(parallelism).start();
	}

}
