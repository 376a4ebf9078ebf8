package dev.statefun.console.browser;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A JVM with a {@link RestartableShop}.
 */
final class RestartableProcess implements AutoCloseable {

	private final Process process;

	private final BufferedReader output;

	private final int port;

	private RestartableProcess(Process process) throws IOException {
		this.process = process;
		this.output = process.inputReader(StandardCharsets.UTF_8);
		this.port = readPort();
	}

	static RestartableProcess start() throws IOException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dserver.port=0", "-cp",
				System.getProperty("java.class.path"), RestartableShop.class.getName(), "--server.address=127.0.0.1",
				"--spring.devtools.livereload.enabled=false", "--statefun.local-runtime.enabled=true",
				"--statefun.local-runtime.ingress-port=0", "--statefun.local-runtime.egress-port=0")
			.redirectErrorStream(true)
			.start();
		return new RestartableProcess(process);
	}

	private int readPort() throws IOException {
		StringBuilder lines = new StringBuilder();
		for (String line = this.output.readLine(); line != null; line = this.output.readLine()) {
			if (line.startsWith("PORT ")) {
				return Integer.parseInt(line.substring("PORT ".length()));
			}
			lines.append(line).append('\n');
		}
		throw new IllegalStateException("The application did not start:\n" + lines);
	}

	int port() {
		return this.port;
	}

	/** Restarts the application as DevTools does, and waits until it runs again. */
	void restart() throws IOException {
		this.process.getOutputStream().write('\n');
		this.process.getOutputStream().flush();
		readPort();
	}

	@Override
	public void close() {
		this.process.destroy();
		try {
			if (!this.process.waitFor(20, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

}
