package dev.statefun.flink.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import com.google.protobuf.SourceContext;
import dev.statefun.module.MessageDescriptors;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;

/**
 * A service in this JVM with a function that counts its messages, and sends each count to
 * an egress.
 */
final class CountingService implements AutoCloseable {

	static final String FUNCTION = "test/counter";

	static final String EGRESS = "test/counts";

	/** Message that makes the function use an egress that a cluster does not have. */
	static final String ELSEWHERE = "elsewhere";

	private final FunctionService service;

	private final StatefulFunctions functions;

	private CountingService(FunctionService service, StatefulFunctions functions) {
		this.service = service;
		this.functions = functions;
	}

	static CountingService start() throws IOException {
		StatefulFunctions functions = StatefulFunctions.builder().register(FUNCTION, new Counter()).build();
		return new CountingService(FunctionService.start(new RequestReplyHandler(functions)), functions);
	}

	/**
	 * Write the descriptors of messages, as an application does that has functions.
	 * @param file the file
	 * @return the file
	 */
	Path writeDescriptors(Path file) throws IOException {
		return Files.write(file, MessageDescriptors.of(this.functions).toByteArray());
	}

	String module(FlinkRelease release) {
		return this.service.module(release, "count", FUNCTION);
	}

	@Override
	public void close() {
		this.service.close();
	}

	static final class Counter {

		@Handler
		void count(SourceContext message, @Persisted("count") PersistedValue<Integer> count, Context context) {
			count(message.getFileName(), count, context);
		}

		@Handler
		void count(String message, @Persisted("count") PersistedValue<Integer> count, Context context) {
			int next = count.get().orElse(0) + 1;
			count.set(next);
			context.sendEgress(message.equals(ELSEWHERE) ? "test/" + ELSEWHERE : EGRESS,
					context.self().id() + " " + next + " " + message);
		}

	}

}
