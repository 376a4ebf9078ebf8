package dev.statefun.flink.job;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import org.apache.flink.statefun.flink.io.datastream.SinkFunctionSpec;
import org.apache.flink.statefun.flink.io.datastream.SourceFunctionSpec;
import org.apache.flink.statefun.sdk.FunctionType;
import org.apache.flink.statefun.sdk.io.IngressIdentifier;
import org.apache.flink.statefun.sdk.io.Router;
import org.apache.flink.statefun.sdk.spi.StatefulFunctionModule;

/**
 * Connects the job to the launcher: an ingress for messages to any function, and the
 * egresses that the launcher names.
 */
public final class HttpModule implements StatefulFunctionModule {

	private static final IngressIdentifier<byte[]> INGRESS = new IngressIdentifier<>(byte[].class, "dev.statefun",
			"http");

	@Override
	public void configure(Map<String, String> globalConfiguration, Binder binder) {
		Launcher launcher = Launcher.from(globalConfiguration);
		binder.bindIngress(new SourceFunctionSpec<>(INGRESS, new IngressSource(launcher)));
		binder.bindIngressRouter(INGRESS, HttpModule::route);
		for (String egress : launcher.egresses()) {
			bind(egress, launcher, binder);
		}
	}

	private static void bind(String egress, Launcher launcher, Binder binder) {
		int slash = egress.lastIndexOf('/');
		binder.bindEgress(
				new SinkFunctionSpec<>(Release.egress(egress.substring(0, slash), egress.substring(slash + 1)),
						new EgressSink<>(launcher, egress)));
	}

	// A router is declared to forward the messages of its ingress, but nothing depends
	// on it
	@SuppressWarnings("unchecked")
	private static void route(byte[] bytes, Router.Downstream<byte[]> downstream) {
		ByteBuffer in = ByteBuffer.wrap(bytes);
		FunctionType type = new FunctionType(text(in), text(in));
		String id = text(in);
		Object message = Release.message(text(in), part(in), headers(in));
		((Router.Downstream<Object>) (Router.Downstream<?>) downstream).forward(type, id, message);
	}

	// Without a schema, as those of the releases have no headers. Messages without any
	// end before them
	private static UnknownFieldSet headers(ByteBuffer in) {
		if (!in.hasRemaining()) {
			return UnknownFieldSet.getDefaultInstance();
		}
		try {
			return UnknownFieldSet.parseFrom(part(in));
		}
		catch (InvalidProtocolBufferException ex) {
			throw new UncheckedIOException("Could not read the headers of a message", ex);
		}
	}

	private static String text(ByteBuffer in) {
		return new String(part(in), StandardCharsets.UTF_8);
	}

	private static byte[] part(ByteBuffer in) {
		byte[] part = new byte[in.getInt()];
		in.get(part);
		return part;
	}

}
