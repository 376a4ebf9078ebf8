package dev.statefun.spring.boot.autoconfigure;

import java.util.List;

import dev.statefun.module.ModuleRuntime;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.message.InvalidDeclarationException;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;

/**
 * Configuration properties for the headers of messages.
 *
 * @param enabled Whether functions read and write headers; otherwise, traces end at each
 * function too.
 * @param propagate Comma-separated list of keys of headers to propagate from the handled
 * message to all messages and records that are sent.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.headers")
public record StatefunHeadersProperties(@DefaultValue("true") boolean enabled, @DefaultValue List<String> propagate) {

	/**
	 * Create the settings.
	 * @param enabled whether functions read and write headers
	 * @param propagate keys of headers that go on by themselves
	 */
	public StatefunHeadersProperties {
		propagate.forEach(StatefunHeadersProperties::requireKey);
		propagate = List.copyOf(propagate);
	}

	private static void requireKey(String key) {
		try {
			Headers.requireKey(key);
		}
		catch (InvalidDeclarationException ex) {
			throw new InvalidDeclarationException("'statefun.headers.propagate': " + ex.problem(), ex.action(), ex);
		}
	}

	// The runtime is read by name: the settings of module.yaml are bound only where one
	// is written
	void applyTo(RequestReplyHandler.Builder handler, Environment environment) {
		handler.propagateHeaders(this.propagate);
		boolean kafka = Binder.get(environment)
			.bind("statefun.module.runtime", ModuleRuntime.class)
			.map((runtime) -> runtime == ModuleRuntime.KZMLABS)
			.orElse(false);
		if (kafka) {
			handler.kafkaRecordHeaders();
		}
		if (!this.enabled) {
			handler.withoutHeaders();
		}
	}

}
