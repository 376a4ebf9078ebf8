package dev.statefun.spring.actuate;

import dev.statefun.module.ModuleFormat;
import dev.statefun.module.ModuleGenerator;
import dev.statefun.sdk.message.InvalidDeclarationException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.util.Assert;

/**
 * Actuator endpoint that shows the module.yaml that a cluster needs. The secret in the
 * path, values of properties and keys for AWS are masked.
 *
 * @since 0.1.0
 */
@Endpoint(id = "statefunmodule")
public final class StatefunModuleEndpoint {

	private final ModuleGenerator generator;

	private final ModuleFormat defaultFormat;

	/**
	 * Create the endpoint.
	 * @param generator writes the file
	 * @param defaultFormat form of the file if a request names none
	 */
	public StatefunModuleEndpoint(ModuleGenerator generator, ModuleFormat defaultFormat) {
		Assert.notNull(generator, "'generator' must not be null");
		Assert.notNull(defaultFormat, "'defaultFormat' must not be null");
		this.generator = generator.masked();
		this.defaultFormat = defaultFormat;
	}

	/**
	 * Write a module.yaml.
	 * @param format form of the file, or {@code null} for the default
	 * @return the text
	 */
	@ReadOperation(produces = { "application/yaml;charset=UTF-8", "text/yaml;charset=UTF-8" })
	public String module(@Nullable ModuleFormat format) {
		try {
			return this.generator.generate((format != null) ? format : this.defaultFormat);
		}
		catch (InvalidDeclarationException ex) {
			String reason = ex.problem() + ". " + ex.action() + ".";
			throw new InvalidEndpointRequestException(reason, reason, ex);
		}
	}

}
