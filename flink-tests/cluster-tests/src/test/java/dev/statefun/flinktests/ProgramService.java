package dev.statefun.flinktests;

import java.net.URI;

import com.google.protobuf.ByteString;
import dev.statefun.flinktests.program.Commands;
import dev.statefun.flinktests.program.ProgramApplication;
import dev.statefun.local.LocalRuntime;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.registry.StatefulFunctions;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The service that executes programs, in this JVM.
 */
final class ProgramService implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private ProgramService(ConfigurableApplicationContext context) {
		this.context = context;
	}

	static ProgramService start() {
		return new ProgramService(SpringApplication.run(ProgramApplication.class, "--server.port=0",
				"--server.address=127.0.0.1", "--statefun.headers.propagate=tenant"));
	}

	URI endpoint() {
		int port = ((WebServerApplicationContext) this.context).getWebServer().getPort();
		return URI.create("http://127.0.0.1:" + port + "/statefun");
	}

	StatefulFunctions functions() {
		return this.context.getBean(StatefulFunctions.class);
	}

	LocalRuntime.Builder localRuntime() {
		return LocalRuntime.of(functions())
			.functions(functions(), this.context.getBean(RequestReplyHandler.class)::handle);
	}

	MessageMapping<Commands> messages() {
		return functions().mappings().of(Commands.class);
	}

	ByteString encode(Commands message) {
		try {
			return ByteString.copyFrom(messages().codec().encode(message));
		}
		catch (Exception ex) {
			throw new IllegalArgumentException("Not encoded: " + message, ex);
		}
	}

	@Override
	public void close() {
		this.context.close();
	}

}
