package dev.statefun.spring.boot.autoconfigure.netty;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;

import dev.statefun.spring.testing.CountingService;
import dev.statefun.spring.testing.KeyStores;
import dev.statefun.spring.testing.RunningService;
import dev.statefun.spring.testing.TlsClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the certificates of an endpoint that Netty serves, with real sockets.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class NettyTlsTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private static Path directory;

	@SuppressWarnings("NullAway.Init")
	private static KeyStore server;

	@SuppressWarnings("NullAway.Init")
	private static KeyStore clusters;

	@SuppressWarnings("NullAway.Init")
	private static KeyStore untrusted;

	@BeforeAll
	static void issueCertificates() throws Exception {
		server = KeyStores.issue(directory.resolve("server.p12"));
		clusters = KeyStores.issue(directory.resolve("clusters.p12"));
		untrusted = KeyStores.issue(directory.resolve("untrusted.p12"));
		KeyStores.store(KeyStores.trusting(clusters), directory.resolve("trusted.p12"));
	}

	private static RunningService start(String... more) {
		List<String> properties = new ArrayList<>(List.of("spring.main.web-application-type=none",
				"spring.autoconfigure.exclude=", "statefun.server.port=0"));
		properties.addAll(KeyStores.bundle(directory.resolve("server.p12"), directory.resolve("trusted.p12")));
		properties.addAll(List.of(more));
		return RunningService.start(CountingService.class, properties.toArray(String[]::new));
	}

	private static HttpResponse<byte[]> post(int port, String version, @Nullable KeyStore own) throws Exception {
		return new TlsClient(server, own, version).post(port, "/statefun", CountingService.request());
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void onlyClientsWithATrustedCertificateAreServed(String version, CapturedOutput output) throws Exception {
		try (RunningService service = start("statefun.server.address=0.0.0.0")) {
			int port = service.clusterPort();
			HttpResponse<byte[]> response = post(port, version, clusters);
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.sslSession().orElseThrow().getProtocol()).isEqualTo(version);
			for (KeyStore other : new @Nullable KeyStore[] { untrusted, server, null }) {
				assertThatExceptionOfType(IOException.class).isThrownBy(() -> post(port, version, other));
			}
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> service.post(port, "/statefun", CountingService.request()));
			assertThat(output).contains("on port " + port + " (https)").doesNotContain("is open: any client");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "none", "want" })
	void clientCertificateCanBeOptional(String clientAuth) throws Exception {
		try (RunningService service = start("statefun.server.ssl.client-auth=" + clientAuth)) {
			assertThat(post(service.clusterPort(), "TLSv1.3", null).statusCode()).isEqualTo(200);
			assertThat(post(service.clusterPort(), "TLSv1.3", clusters).statusCode()).isEqualTo(200);
		}
	}

	@Test
	void updatedBundleIsUsedForNewConnections() throws Exception {
		try (RunningService service = start()) {
			int port = service.clusterPort();
			assertThat(post(port, "TLSv1.3", clusters).statusCode()).isEqualTo(200);
			SslBundle mine = service.context().getBean(SslBundles.class).getBundle("mine");
			service.context()
				.getBean(SslBundleRegistry.class)
				.updateBundle("mine",
						SslBundle.of(SslStoreBundle.of(server, KeyStores.PASSWORD, KeyStores.trusting(untrusted)),
								mine.getKey(), mine.getOptions(), mine.getProtocol()));
			assertThat(post(port, "TLSv1.3", untrusted).statusCode()).isEqualTo(200);
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> post(port, "TLSv1.3", clusters));
		}
	}

	@Test
	void missingBundleStopsTheStartUp(CapturedOutput output) {
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> RunningService.start(CountingService.class, "spring.main.web-application-type=none",
					"spring.autoconfigure.exclude=", "statefun.server.port=0", "statefun.server.ssl.bundle=yours")
				.close());
		assertThat(output)
			.contains("'statefun.server.ssl.bundle' is 'yours', but there is no SSL bundle of that name.");
	}

}
