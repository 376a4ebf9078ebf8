package dev.statefun.flink.job;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.util.Optional;

/**
 * Agent in each JVM of a cluster. The JVM ends with the process that has started it, even
 * if that is killed, and ignores SIGINT: a terminal sends that to all processes of a
 * group, and the starting process ends the cluster in order.
 */
public final class ChildAgent {

	private ChildAgent() {
	}

	/**
	 * Called by the JVM before its program.
	 * @param parent id of the process that has started this JVM, which holds the other
	 * end of the standard input
	 * @throws ReflectiveOperationException if signals can't be handled
	 */
	public static void premain(String parent) throws ReflectiveOperationException {
		ignoreInterrupts();
		Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(parent));
		if (process.isEmpty()) {
			end();
			return;
		}
		process.get().onExit().thenRun(ChildAgent::end);
		Thread watch = new Thread(ChildAgent::awaitEndOfInput, "parent-watch");
		watch.setDaemon(true);
		watch.start();
	}

	// By reflection, as the compiler warns of these types and the warning can't be
	// suppressed. Not SIG_IGN: Flink calls the handler before its own, and that one
	// can't be called
	private static void ignoreInterrupts() throws ReflectiveOperationException {
		Class<?> signal = Class.forName("sun.misc.Signal");
		Class<?> handler = Class.forName("sun.misc.SignalHandler");
		Object nothing = Proxy.newProxyInstance(ChildAgent.class.getClassLoader(), new Class<?>[] { handler },
				(proxy, method, arguments) -> null);
		signal.getMethod("handle", signal, handler)
			.invoke(null, signal.getConstructor(String.class).newInstance("INT"), nothing);
	}

	private static void awaitEndOfInput() {
		InputStream in = System.in;
		try {
			while (in.read() >= 0) {
				// Nothing is sent
			}
		}
		catch (IOException ex) {
			// The other end is gone as well
		}
		end();
	}

	private static void end() {
		// Without hooks, which may wait for other JVMs of the cluster
		Runtime.getRuntime().halt(1);
	}

}
