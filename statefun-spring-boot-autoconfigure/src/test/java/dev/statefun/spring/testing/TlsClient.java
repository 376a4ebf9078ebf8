package dev.statefun.spring.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyStore;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;

/**
 * A client with or without a certificate, which trusts one authority.
 */
public final class TlsClient {

	private final HttpClient client;

	private final SSLContext context;

	private final String version;

	/**
	 * Create a client.
	 * @param server the server's keys and authority
	 * @param own the client's keys and authority, or {@code null} for none
	 * @param version version of TLS
	 * @throws Exception if the keys can't be read
	 */
	public TlsClient(KeyStore server, @Nullable KeyStore own, String version) throws Exception {
		TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trusted.init(KeyStores.trusting(server));
		KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keys.init((own != null) ? KeyStores.entityOf(own) : KeyStores.empty(), KeyStores.PASSWORD.toCharArray());
		this.version = version;
		this.context = SSLContext.getInstance("TLS");
		this.context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
		this.client = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.sslContext(this.context)
			.sslParameters(new SSLParameters(null, new String[] { version }))
			.build();
	}

	public HttpResponse<byte[]> post(int port, String path, byte[] body) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
			.header("Content-Type", "application/octet-stream")
			.POST(HttpRequest.BodyPublishers.ofByteArray(body))
			.build();
		return this.client.send(request, HttpResponse.BodyHandlers.ofByteArray());
	}

	/**
	 * Open a connection of one's own.
	 * @param port the server's port
	 * @return the connection, after its handshake
	 * @throws IOException if the server refuses it
	 */
	public SSLSocket connect(int port) throws IOException {
		SSLSocket socket = (SSLSocket) this.context.getSocketFactory()
			.createSocket(InetAddress.getByName("127.0.0.1"), port);
		socket.setEnabledProtocols(new String[] { this.version });
		socket.startHandshake();
		return socket;
	}

}
