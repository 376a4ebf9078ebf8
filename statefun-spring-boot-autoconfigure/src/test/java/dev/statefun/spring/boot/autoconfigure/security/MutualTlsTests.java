package dev.statefun.spring.boot.autoconfigure.security;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.statefun.spring.boot.autoconfigure.security.StatefunServerProperties.ClientAuth;
import dev.statefun.spring.testing.CountingService;
import dev.statefun.spring.testing.KeyStores;
import dev.statefun.spring.testing.RunningService;
import dev.statefun.spring.testing.TlsClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for client certificates at the endpoint's own port, with real sockets.
 */
@ExtendWith(OutputCaptureExtension.class)
class MutualTlsTests {

	private static final String WITH_SECURITY = "spring.autoconfigure.exclude=";

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

	private static RunningService start(Class<?> application, String... more) {
		List<String> properties = new ArrayList<>(List.of("statefun.server.port=0"));
		properties.addAll(KeyStores.bundle(directory.resolve("server.p12"), directory.resolve("trusted.p12")));
		properties.addAll(List.of(more));
		return RunningService.start(application, properties.toArray(String[]::new));
	}

	@Test
	void onlyClientsWithATrustedCertificateAreServed(CapturedOutput output) throws Exception {
		try (RunningService service = start(Permitting.class, WITH_SECURITY, "statefun.server.address=0.0.0.0")) {
			int port = service.clusterPort();
			for (String version : new String[] { "TLSv1.2", "TLSv1.3" }) {
				HttpResponse<byte[]> response = post(port, version, clusters, "/statefun");
				assertThat(response.statusCode()).as(version).isEqualTo(200);
				assertThat(response.sslSession().orElseThrow().getProtocol()).isEqualTo(version);
				assertThat(post(port, version, clusters, "/page").statusCode()).as(version).isEqualTo(404);
				for (KeyStore other : new @Nullable KeyStore[] { untrusted, server, null }) {
					assertThatExceptionOfType(IOException.class).as(version)
						.isThrownBy(() -> post(port, version, other, "/statefun"));
				}
			}
			assertThat(service.post(port, "/statefun", CountingService.request()).statusCode()).isEqualTo(400);
			assertThat(service.post("/statefun", CountingService.request()).statusCode()).isEqualTo(403);
		}
		assertThat(output).doesNotContain("ExposureCheck").contains("at POST /statefun on port ");
	}

	@ParameterizedTest
	@EnumSource(names = { "NONE", "WANT" })
	void clientCertificateCanBeOptional(ClientAuth clientAuth, CapturedOutput output) throws Exception {
		try (RunningService service = start(CountingService.class,
				"statefun.server.ssl.client-auth=" + clientAuth.name().toLowerCase(),
				"statefun.server.address=0.0.0.0")) {
			assertThat(post(service.clusterPort(), "TLSv1.3", null, "/statefun").statusCode()).isEqualTo(200);
		}
		assertThat(output).contains("is open: any client that reaches it can run functions");
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void updatedBundleIsUsed(String version) throws Exception {
		try (RunningService service = start(CountingService.class)) {
			int port = service.clusterPort();
			assertThat(post(port, version, clusters, "/statefun").statusCode()).isEqualTo(200);
			SslBundle mine = service.context().getBean(SslBundles.class).getBundle("mine");
			service.context()
				.getBean(SslBundleRegistry.class)
				.updateBundle("mine",
						SslBundle.of(SslStoreBundle.of(server, KeyStores.PASSWORD, KeyStores.trusting(untrusted)),
								mine.getKey(), mine.getOptions(), mine.getProtocol()));
			assertThat(post(port, version, untrusted, "/statefun").statusCode()).isEqualTo(200);
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> post(port, version, clusters, "/statefun"));
		}
	}

	@Test
	void bundleWithTrustedCertificatesRequiresAClientCertificate() throws Exception {
		assertThat(clientAuthOf(null, KeyStores.trusting(clusters))).isEqualTo(ClientAuth.NEED);
		assertThat(clientAuthOf(null, null)).isEqualTo(ClientAuth.NONE);
		assertThat(clientAuthOf(ClientAuth.WANT, KeyStores.trusting(clusters))).isEqualTo(ClientAuth.WANT);
	}

	@ParameterizedTest
	@EnumSource(names = { "NEED", "WANT" })
	void clientCertificatesRequireATrustStore(ClientAuth clientAuth) {
		assertThatExceptionOfType(FailureAnalyzedException.class).isThrownBy(() -> clientAuthOf(clientAuth, null))
			.satisfies((ex) -> {
				assertThat(ex.analysis().getDescription()).isEqualTo("'statefun.server.ssl.client-auth' asks for "
						+ "certificates, but the SSL bundle 'mine' has no trust store that says which.");
				assertThat(ex.analysis().getAction()).startsWith("Give the bundle a trust store ");
			});
	}

	@Test
	void bundleWithoutAKeyStopsTheStartUp() {
		DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry("mine", SslBundle.of(SslStoreBundle.NONE));
		assertThatExceptionOfType(FailureAnalyzedException.class)
			.isThrownBy(() -> EndpointTls.of(new StatefunServerProperties.Ssl("mine", null), bundles))
			.satisfies((ex) -> assertThat(ex.analysis().getAction())
				.isEqualTo("Give the bundle a certificate and its private key."));
	}

	@Test
	void missingBundleStopsTheStartUp() {
		DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry("mine", SslBundle.of(SslStoreBundle.NONE));
		assertThatExceptionOfType(FailureAnalyzedException.class)
			.isThrownBy(() -> EndpointTls.of(new StatefunServerProperties.Ssl("yours", null), bundles))
			.satisfies((ex) -> {
				assertThat(ex.analysis().getDescription())
					.isEqualTo("'statefun.server.ssl.bundle' is 'yours', but there is no SSL bundle of that name.");
				assertThat(ex.analysis().getAction()).startsWith("Set it to one of [mine], or define the bundle ");
			});
	}

	private static ClientAuth clientAuthOf(@Nullable ClientAuth clientAuth, @Nullable KeyStore trusted) {
		DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry("mine",
				SslBundle.of(SslStoreBundle.of(server, KeyStores.PASSWORD, trusted)));
		return Objects.requireNonNull(EndpointTls.of(new StatefunServerProperties.Ssl("mine", clientAuth), bundles))
			.clientAuth();
	}

	private static HttpResponse<byte[]> post(int port, String version, @Nullable KeyStore own, String path)
			throws Exception {
		return new TlsClient(server, own, version).post(port, path, CountingService.request());
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ CountingService.class, PermittingChain.class })
	static class Permitting {

	}

}
