package dev.statefun.netty;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

import dev.statefun.netty.TestServer.Setup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for TLS.
 */
@Timeout(120)
class TlsTests {

	private static final String PASSWORD = "changeit";

	private static KeyStore first;

	private static KeyStore second;

	@BeforeAll
	static void createKeys(@TempDir Path directory) throws Exception {
		Leaks.watch();
		first = issue(directory.resolve("first"), "CN=first");
		second = issue(directory.resolve("second"), "CN=second");
	}

	@AfterAll
	static void nothingHasLeaked() {
		assertThat(Leaks.find()).isEmpty();
	}

	private static KeyStore issue(Path file, String name) throws Exception {
		Process process = new ProcessBuilder(
				List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
						"-keystore", file.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD, "-alias", "key",
						"-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2", "-dname", name))
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes());
		assertThat(process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0).as(output).isTrue();
		return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
	}

	private static SslContext server(KeyStore keys) throws Exception {
		KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		factory.init(keys, PASSWORD.toCharArray());
		return SslContextBuilder.forServer(factory)
			.sslProvider(SslProvider.JDK)
			.protocols("TLSv1.2", "TLSv1.3")
			.build();
	}

	private static SSLSocket connect(TestServer server, KeyStore trusted, String protocol) throws Exception {
		KeyStore certificates = KeyStore.getInstance("PKCS12");
		certificates.load(null, null);
		certificates.setCertificateEntry("server", trusted.getCertificate("key"));
		TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		factory.init(certificates);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, factory.getTrustManagers(), null);
		SSLSocket socket = (SSLSocket) context.getSocketFactory()
			.createSocket(InetAddress.getLoopbackAddress(), server.port());
		socket.setEnabledProtocols(new String[] { protocol });
		socket.startHandshake();
		return socket;
	}

	private static TestServer start(AtomicReference<SslContext> current) {
		return TestServer.start(new Setup().handler((body, userAgent) -> CompletableFuture.completedFuture(body)),
				(builder) -> builder.tls(current::get));
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void requestsAreAnswered(String protocol) throws Exception {
		byte[] large = new byte[500_000];
		large[0] = 8;
		try (TestServer server = start(new AtomicReference<>(server(first)));
				SSLSocket socket = connect(server, first, protocol);
				RawClient client = new RawClient(socket)) {
			assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
			assertThat(client.post(new byte[] { 8, 1 }).bytes()).containsExactly(8, 1);
			assertThat(client.post(large).bytes()).isEqualTo(large);
			assertThat(client.sendByteByByte(RawClient.post("/statefun", new byte[] { 8, 2 })).read().bytes())
				.containsExactly(8, 2);
			server.awaitNoRequests();
		}
	}

	@Test
	void keysOfTheNextConnectionMayBeOthers() throws Exception {
		AtomicReference<SslContext> current = new AtomicReference<>(server(first));
		try (TestServer server = start(current);
				SSLSocket before = connect(server, first, "TLSv1.3");
				RawClient old = new RawClient(before)) {
			current.set(server(second));
			try (SSLSocket after = connect(server, second, "TLSv1.3"); RawClient client = new RawClient(after)) {
				X509Certificate certificate = (X509Certificate) after.getSession().getPeerCertificates()[0];
				assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=second");
				assertThat(client.post(new byte[] { 8, 1 }).status()).isEqualTo(200);
			}
			assertThat(old.post(new byte[] { 8, 1 }).status()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST /statefun HTTP/1.1\r\n\r\n", "garbage" })
	void clientWithoutTlsIsClosed(String bytes) throws Exception {
		try (TestServer server = start(new AtomicReference<>(server(first))); RawClient client = server.connect()) {
			client.send(bytes);
			// An alert at most
			assertThat(client.isClosed() || endsWithAnAlert(client)).isTrue();
			assertThat(server.rejections()).isEmpty();
			server.awaitNoRequests();
		}
	}

	private static boolean endsWithAnAlert(RawClient client) throws IOException {
		boolean closed = false;
		for (int i = 0; i < 20 && !closed; i++) {
			closed = client.isClosed();
		}
		return closed;
	}

}
