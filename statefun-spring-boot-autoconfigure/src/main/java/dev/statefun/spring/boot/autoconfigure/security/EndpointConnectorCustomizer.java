package dev.statefun.spring.boot.autoconfigure.security;

import java.net.InetAddress;
import java.util.Map;

import dev.statefun.spring.boot.autoconfigure.security.StatefunServerProperties.ClientAuth;
import org.apache.catalina.connector.Connector;
import org.apache.commons.logging.LogFactory;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.ProtocolHandler;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.tomcat.SslConnectorCustomizer;
import org.springframework.boot.tomcat.TomcatProtocolHandlerCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.util.LambdaSafe;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.util.StringUtils;

/**
 * Opens the port that serves only the endpoint, as another connector of the application's
 * Tomcat, if it is configured. Settings of the application's own connector apply to it
 * too, except for port, address and TLS.
 */
final class EndpointConnectorCustomizer implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {

	private final StatefunServerProperties properties;

	private final ObjectProvider<SslBundles> bundles;

	EndpointConnectorCustomizer(StatefunServerProperties properties, ObjectProvider<SslBundles> bundles) {
		this.properties = properties;
		this.bundles = bundles;
	}

	// After all other customizers of the connector
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void customize(TomcatServletWebServerFactory factory) {
		Integer port = this.properties.port();
		if (port != null) {
			open(port, factory);
		}
	}

	private void open(int port, TomcatServletWebServerFactory factory) {
		EndpointConnector connector = new EndpointConnector(factory.getProtocol());
		ProtocolHandler handler = connector.getProtocolHandler();
		customizeAsTheOther(connector, handler, factory);
		connector.setPort(port);
		InetAddress address = (this.properties.address() != null) ? this.properties.address() : factory.getAddress();
		if (address != null && handler instanceof AbstractProtocol<?> protocol) {
			protocol.setAddress(address);
		}
		SslBundles bundles = this.bundles.getObject();
		EndpointTls tls = EndpointTls.of(this.properties.ssl(), bundles);
		if (tls != null) {
			customizeSsl(connector, tls, bundles);
		}
		factory.addAdditionalConnectors(connector);
	}

	@SuppressWarnings("unchecked")
	private static void customizeAsTheOther(Connector connector, ProtocolHandler handler,
			TomcatServletWebServerFactory factory) {
		if (StringUtils.hasText(factory.getServerHeader())) {
			connector.setProperty("server", factory.getServerHeader());
		}
		LambdaSafe.callbacks(TomcatProtocolHandlerCustomizer.class, factory.getProtocolHandlerCustomizers(), handler)
			.invoke((customizer) -> customizer.customize(handler));
		connector.setURIEncoding(factory.getUriEncoding().name());
		factory.getConnectorCustomizers().forEach((customizer) -> customizer.customize(connector));
	}

	private static void customizeSsl(Connector connector, EndpointTls tls, SslBundles bundles) {
		SslConnectorCustomizer ssl = new SslConnectorCustomizer(LogFactory.getLog(EndpointConnectorCustomizer.class),
				connector, asServerSsl(tls.clientAuth()));
		ssl.customize(tls.bundle(), Map.of());
		bundles.addBundleUpdateHandler(tls.name(), (updated) -> ssl.update(null, updated));
	}

	private static Ssl.ClientAuth asServerSsl(ClientAuth clientAuth) {
		return switch (clientAuth) {
			case NONE -> Ssl.ClientAuth.NONE;
			case WANT -> Ssl.ClientAuth.WANT;
			case NEED -> Ssl.ClientAuth.NEED;
		};
	}

}
