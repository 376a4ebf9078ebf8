package dev.statefun.spring.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * A service on a real server, at the loopback address by default, and a client for it.
 */
public final class RunningService implements AutoCloseable {

	/** Property of an application with Netty's server, and without Spring Security. */
	public static final String WITH_NETTY = "spring.autoconfigure.exclude="
			+ "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration,"
			+ "org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration,"
			+ "org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration,"
			+ "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration";

	private final HttpClient client = HttpClient.newHttpClient();

	private final ConfigurableApplicationContext context;

	private RunningService(ConfigurableApplicationContext context) {
		this.context = context;
	}

	public static RunningService start(Class<?> application, String... properties) {
		List<String> arguments = new ArrayList<>(List.of("--server.port=0"));
		for (String property : properties) {
			arguments.add("--" + property);
		}
		if (arguments.stream().noneMatch((argument) -> argument.startsWith("--server.address="))) {
			arguments.add("--server.address=127.0.0.1");
		}
		return new RunningService(new SpringApplication(application).run(arguments.toArray(new String[0])));
	}

	public ConfigurableApplicationContext context() {
		return this.context;
	}

	public int port() {
		return portOf("local.server.port");
	}

	public int clusterPort() {
		return portOf("local.statefun.port");
	}

	private int portOf(String property) {
		Environment environment = this.context.getEnvironment();
		return Objects.requireNonNull(environment.getProperty(property, Integer.class), property);
	}

	public HttpResponse<byte[]> post(String path, byte[] body, String... headers) throws Exception {
		return post(port(), path, body, headers);
	}

	public HttpResponse<byte[]> post(int port, String path, byte[] body, String... headers) throws Exception {
		HttpRequest.Builder request = request(port, path).header("Content-Type", "application/octet-stream")
			.POST(HttpRequest.BodyPublishers.ofByteArray(body));
		return send(request, headers);
	}

	public HttpResponse<byte[]> get(int port, String path, String... headers) throws Exception {
		return send(request(port, path), headers);
	}

	public HttpResponse<byte[]> send(String method, String path) throws Exception {
		return send(request(port(), path).method(method, HttpRequest.BodyPublishers.noBody()));
	}

	public HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers) throws Exception {
		return send(request(port(), path).method(method, HttpRequest.BodyPublishers.ofByteArray(body)), headers);
	}

	private static HttpRequest.Builder request(int port, String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
	}

	private HttpResponse<byte[]> send(HttpRequest.Builder request, String... headers)
			throws IOException, InterruptedException {
		if (headers.length > 0) {
			request.headers(headers);
		}
		return this.client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
	}

	@Override
	public void close() {
		this.context.close();
	}

}
