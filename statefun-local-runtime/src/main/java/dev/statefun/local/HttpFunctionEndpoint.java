package dev.statefun.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * A service that serves functions over HTTP, called as a cluster calls it. Thread-safe.
 *
 * @since 0.1.0
 */
public final class HttpFunctionEndpoint implements FunctionEndpoint {

	private static final String CONTENT_TYPE = "application/octet-stream";

	/** Default of the clusters; a larger reply fails (protocol.md §6.3). */
	private static final int MAX_REPLY_SIZE = 32 * 1024 * 1024;

	private static final Set<Integer> RETRIED_BY_OKHTTP = Set.of(408, 409, 420, 429, 499);

	private final HttpClient client;

	private final URI uri;

	private final Transport transport;

	private HttpFunctionEndpoint(HttpClient client, URI uri, Transport transport) {
		this.client = client;
		this.uri = uri;
		this.transport = transport;
	}

	/**
	 * Create an endpoint.
	 * @param uri address of the service's endpoint, for example
	 * {@code http://localhost:8080/statefun}
	 * @param transport handling of responses that are not replies
	 * @return the endpoint
	 */
	public static HttpFunctionEndpoint of(URI uri, Transport transport) {
		// Clusters speak HTTP/1.1 and never follow a redirect of a POST
		HttpClient client = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.followRedirects(HttpClient.Redirect.NEVER)
			.connectTimeout(Duration.ofSeconds(10))
			.build();
		return of(client, uri, transport);
	}

	/**
	 * Create an endpoint that uses the given client, for example one that trusts other
	 * certificates.
	 * @param client the client
	 * @param uri address of the service's endpoint
	 * @param transport handling of responses that are not replies
	 * @return the endpoint
	 */
	public static HttpFunctionEndpoint of(HttpClient client, URI uri, Transport transport) {
		return new HttpFunctionEndpoint(Objects.requireNonNull(client, "'client' must not be null"),
				Objects.requireNonNull(uri, "'uri' must not be null"),
				Objects.requireNonNull(transport, "'transport' must not be null"));
	}

	@Override
	public CompletionStage<byte[]> call(byte[] request) {
		HttpRequest post = HttpRequest.newBuilder(this.uri)
			.header("Content-Type", CONTENT_TYPE)
			.header("Accept", CONTENT_TYPE)
			.POST(HttpRequest.BodyPublishers.ofByteArray(request))
			.build();
		return this.client.sendAsync(post, BodyHandlers.ofByteArray()).thenApply(this::reply);
	}

	private byte[] reply(HttpResponse<byte[]> response) {
		int status = response.statusCode();
		String contentType = response.headers().firstValue("Content-Type").orElse("");
		if (status / 100 != 2) {
			boolean retried = status >= 500 || RETRIED_BY_OKHTTP.contains(status);
			throw refused("status " + status + bodyOf(response), retried);
		}
		if (!isReply(contentType)) {
			throw refused("status " + status + " and the content type '" + contentType + "'; expected exactly '"
					+ CONTENT_TYPE + "'", false);
		}
		if (response.body().length > MAX_REPLY_SIZE) {
			throw refused("a reply of " + response.body().length + " bytes; expected at most " + MAX_REPLY_SIZE, true);
		}
		return response.body();
	}

	private boolean isReply(String contentType) {
		return (this.transport == Transport.OKHTTP) ? contentType.equals(CONTENT_TYPE)
				: contentType.toLowerCase(Locale.ROOT).equals(CONTENT_TYPE);
	}

	private RuntimeException refused(String answer, boolean retriedByOkHttp) {
		String message = this.uri + " answered " + answer;
		if (this.transport == Transport.OKHTTP && !retriedByOkHttp) {
			return new JobFailedException(message);
		}
		return new CompletionException(new IOException(message));
	}

	// The server's own error text helps, but may be long
	private static String bodyOf(HttpResponse<byte[]> response) {
		byte[] body = response.body();
		if (body.length == 0) {
			return "";
		}
		int shown = Math.min(body.length, 500);
		return ": " + new String(body, 0, shown, StandardCharsets.UTF_8).replaceAll("\\s+", " ");
	}

}
