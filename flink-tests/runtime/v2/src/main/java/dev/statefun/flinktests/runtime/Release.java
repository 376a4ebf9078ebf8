package dev.statefun.flinktests.runtime;

import java.util.Map;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.statefun.flink.harness.Harness;
import org.apache.flink.statefun.flink.harness.io.SerializableConsumer;
import org.apache.flink.statefun.sdk.io.EgressIdentifier;

/**
 * Specifics of StateFun 2.2.2.
 */
final class Release {

	private Release() {
	}

	static Object message(String typename, byte[] value) {
		return Any.newBuilder().setTypeUrl(typename).setValue(ByteString.copyFrom(value)).build();
	}

	static void consume(Harness harness, String name) {
		bind(harness, name, (value) -> Output.egress(name, value.getTypeUrl(), value.getValue().toByteArray()));
	}

	static void count(Harness harness, String name) {
		bind(harness, name, (value) -> CountedRecords.add());
	}

	private static void bind(Harness harness, String name, SerializableConsumer<Any> consumer) {
		int slash = name.lastIndexOf('/');
		harness.withConsumingEgress(
				new EgressIdentifier<>(name.substring(0, slash), name.substring(slash + 1), Any.class), consumer);
	}

	static void start(Harness harness, int parallelism, Map<String, String> configuration) throws Exception {
		Configuration cluster = new Configuration();
		configuration.forEach(cluster::setString);
		LocalEnvironment.install(parallelism, cluster);
		harness.start();
	}

}
