package dev.statefun.spring.boot.autoconfigure.netty;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

import javax.net.ssl.SSLException;

import dev.statefun.spring.boot.autoconfigure.security.EndpointTls;
import dev.statefun.spring.boot.autoconfigure.security.StatefunServerProperties;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/**
 * Supplies the TLS of new connections from an SSL bundle that may be updated.
 * <p>
 * Thread-safe.
 */
final class ReloadableSslContext implements Supplier<SslContext> {

	private static final String[] PROTOCOLS = { "TLSv1.3", "TLSv1.2" };

	private final ClientAuth clientAuth;

	private volatile SslContext current;

	ReloadableSslContext(EndpointTls tls) {
		this.clientAuth = asNetty(tls.clientAuth());
		this.current = create(tls.bundle(), this.clientAuth);
	}

	void update(SslBundle bundle) {
		this.current = create(bundle, this.clientAuth);
	}

	@Override
	public SslContext get() {
		return this.current;
	}

	private static SslContext create(SslBundle bundle, ClientAuth clientAuth) {
		SslOptions options = bundle.getOptions();
		String[] protocols = options.getEnabledProtocols();
		SslContextBuilder builder = SslContextBuilder.forServer(bundle.getManagers().getKeyManagerFactory())
			.sslProvider(SslProvider.JDK)
			.clientAuth(clientAuth)
			.protocols((protocols != null) ? protocols : PROTOCOLS);
		if (clientAuth != ClientAuth.NONE) {
			builder.trustManager(bundle.getManagers().getTrustManagerFactory());
		}
		String[] ciphers = options.getCiphers();
		if (ciphers != null) {
			List<String> names = Arrays.asList(ciphers);
			builder.ciphers(names);
		}
		try {
			return builder.build();
		}
		catch (SSLException ex) {
			throw new IllegalStateException("The SSL bundle of 'statefun.server.ssl.bundle' can't be used", ex);
		}
	}

	private static ClientAuth asNetty(StatefunServerProperties.ClientAuth clientAuth) {
		return switch (clientAuth) {
			case NONE -> ClientAuth.NONE;
			case WANT -> ClientAuth.OPTIONAL;
			case NEED -> ClientAuth.REQUIRE;
		};
	}

}
