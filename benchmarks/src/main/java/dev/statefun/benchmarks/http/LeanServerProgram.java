package dev.statefun.benchmarks.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import dev.statefun.benchmarks.lean.Execution;
import dev.statefun.benchmarks.lean.LeanServer;
import dev.statefun.benchmarks.report.Arguments;
import dev.statefun.benchmarks.workload.Names;
import dev.statefun.benchmarks.workload.OurFunctions;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;

/**
 * Runs the lean server in a process of its own.
 */
public final class LeanServerProgram {

	private LeanServerProgram() {
	}

	public static void main(String[] args) {
		Arguments arguments = Arguments.of(args, "server.port", "server.address", "execution", "transport", "function");
		StatefulFunctions functions = arguments.text("function", "").equals("slow")
				? StatefulFunctions.builder().register(Names.COUNTER, new BlockingServer.SlowCounter()).build()
				: OurFunctions.registry();
		LeanServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), arguments.number("server.port", 8080)),
				new RequestReplyHandler(functions),
				Execution.valueOf(arguments.text("execution", Execution.HAND_OFF.name())),
				LeanServer.Transport.valueOf(arguments.text("transport", LeanServer.Transport.NIO.name())));
	}

}
