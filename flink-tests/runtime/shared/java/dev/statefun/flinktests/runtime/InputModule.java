package dev.statefun.flinktests.runtime;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

import org.apache.flink.statefun.sdk.FunctionType;
import org.apache.flink.statefun.sdk.io.IngressIdentifier;
import org.apache.flink.statefun.sdk.io.Router;
import org.apache.flink.statefun.sdk.spi.StatefulFunctionModule;

/**
 * Routes each line of the {@link Input} to the function that it names.
 */
public final class InputModule implements StatefulFunctionModule {

	static final IngressIdentifier<String> INGRESS = new IngressIdentifier<>(String.class, "flinktests", "input");

	@Override
	public void configure(Map<String, String> globalConfiguration, Binder binder) {
		binder.bindIngressRouter(INGRESS, InputModule::route);
	}

	// A router is declared to forward the messages of its ingress, but nothing depends
	// on it: here a line becomes the message of the runtime
	@SuppressWarnings("unchecked")
	private static void route(String line, Router.Downstream<String> downstream) {
		String[] parts = line.split(" ", -1);
		if (parts.length != 5 || !parts[0].equals("send")) {
			throw new IllegalArgumentException("Not a line to send: " + line);
		}
		int slash = parts[1].lastIndexOf('/');
		FunctionType type = new FunctionType(parts[1].substring(0, slash), parts[1].substring(slash + 1));
		String id = new String(Base64.getDecoder().decode(parts[2]), StandardCharsets.UTF_8);
		Object message = Release.message(parts[3], Base64.getDecoder().decode(parts[4]));
		((Router.Downstream<Object>) (Router.Downstream<?>) downstream).forward(type, id, message);
	}

}
