package dev.statefun.module;

import java.util.Objects;

import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.registry.StatefulFunctions;

/**
 * Generates the cluster's module.yaml from the served functions. Every function has an
 * entry of its own unless wildcards are enabled, and every timeout is written out.
 * Immutable and thread-safe.
 *
 * <pre class="code">
 * String text = new ModuleGenerator(functions, settings).generate(ModuleFormat.V3);
 * </pre>
 *
 * @since 0.1.0
 */
public final class ModuleGenerator {

	private final StatefulFunctions functions;

	private final ModuleSettings settings;

	private final SecretText secrets;

	/**
	 * Create a generator.
	 * @param functions the functions that are served
	 * @param settings settings that functions do not have
	 */
	public ModuleGenerator(StatefulFunctions functions, ModuleSettings settings) {
		this(functions, settings, SecretText.shown());
	}

	private ModuleGenerator(StatefulFunctions functions, ModuleSettings settings, SecretText secrets) {
		this.functions = Objects.requireNonNull(functions, "'functions' must not be null");
		this.settings = Objects.requireNonNull(settings, "'settings' must not be null");
		this.secrets = secrets;
	}

	/**
	 * Return a generator that masks everything that may be secret: the secret in the
	 * endpoint's path, the values of properties and the keys for AWS.
	 * @return a generator whose texts may be shown
	 */
	public ModuleGenerator masked() {
		return new ModuleGenerator(this.functions, this.settings, SecretText.masked());
	}

	/**
	 * Write a module.yaml. Settings that clusters of that generation do not have are
	 * listed in comments.
	 * @param format form of the file
	 * @return the text, always the same for the same functions and settings
	 * @throws InvalidDeclarationException if a cluster could not load it: a namespace
	 * with a {@code /} on 3.x, or a timeout of OkHttp that is longer than that of the
	 * call; if wildcards are enabled but not possible; or if the runtime does not have a
	 * key or delivery of the settings
	 */
	public String generate(ModuleFormat format) {
		return generate(format, this.secrets);
	}

	/**
	 * Write a module.yaml with references in place of everything that {@link #masked()}
	 * masks. The one to the secret in the path is {@code STATEFUN_SECURITY_SECRET}.
	 * @param format form of the file
	 * @return the text and the names of its references
	 * @throws InvalidDeclarationException as {@link #generate(ModuleFormat)} does
	 */
	public ModuleTemplate generateTemplate(ModuleFormat format) {
		SecretText.References references = new SecretText.References();
		String text = generate(format, references);
		return new ModuleTemplate(text, references.names());
	}

	private String generate(ModuleFormat format, SecretText secrets) {
		Objects.requireNonNull(format, "'format' must not be null");
		ModuleWriter writer = (format == ModuleFormat.V2) ? new V2ModuleWriter(this.functions, this.settings, secrets)
				: new V3ModuleWriter(this.functions, this.settings, secrets);
		return writer.write();
	}

}
