package dev.statefun.module;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.statefun.module.ModuleFinding.Kind;
import dev.statefun.module.settings.BatchTimeLimit;
import dev.statefun.module.settings.Gateway;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Checks a cluster's module.yaml against the served functions, and reports what clusters
 * would ignore or refuse. Immutable and thread-safe.
 *
 * <pre class="code">
 * ModuleReport report = ModuleVerifier.of(functions).path("/statefun").verify(Path.of("module.yaml"));
 * </pre>
 *
 * @since 0.1.0
 */
public final class ModuleVerifier {

	private static final int MAX_BYTES = 16 * 1024 * 1024;

	private static final BatchTimeLimit NO_LIMIT = BatchTimeLimit.of(Duration.ZERO, null);

	private final StatefulFunctions functions;

	private final @Nullable String path;

	private final @Nullable String secret;

	private final @Nullable Ports ports;

	private final BatchTimeLimit batchTimeLimit;

	private final Map<EgressId, String> egresses;

	private final @Nullable ModuleRuntime runtime;

	private final @Nullable Gateway gateway;

	private ModuleVerifier(StatefulFunctions functions, @Nullable String path, @Nullable String secret,
			@Nullable Ports ports, BatchTimeLimit batchTimeLimit, Map<EgressId, String> egresses,
			@Nullable ModuleRuntime runtime, @Nullable Gateway gateway) {
		this.functions = functions;
		this.path = path;
		this.secret = secret;
		this.ports = ports;
		this.batchTimeLimit = batchTimeLimit;
		this.egresses = egresses;
		this.runtime = runtime;
		this.gateway = gateway;
	}

	/**
	 * Create a verifier that knows only the functions and their typed egresses.
	 * @param functions the functions that are served
	 * @return the verifier
	 */
	public static ModuleVerifier of(StatefulFunctions functions) {
		Objects.requireNonNull(functions, "'functions' must not be null");
		Map<EgressId, String> egresses = new LinkedHashMap<>();
		functions.egresses()
			.forEach((name, destination) -> egresses.putIfAbsent(destination.id(),
					"a function with the egress '" + name + "'"));
		return new ModuleVerifier(functions, null, null, null, NO_LIMIT, egresses, null, null);
	}

	/**
	 * Return the same verifier that checks paths as well.
	 * @param path path at which the functions are served, with the server's prefix
	 * @return the verifier
	 */
	public ModuleVerifier path(String path) {
		requireText(path, "path");
		return new ModuleVerifier(this.functions, path, this.secret, this.ports, this.batchTimeLimit, this.egresses,
				this.runtime, this.gateway);
	}

	/**
	 * Return the same verifier that also expects a secret behind the path. No finding
	 * shows it.
	 * @param secret the secret, which is the last segment of the URL's path
	 * @return the verifier
	 */
	public ModuleVerifier secret(String secret) {
		requireText(secret, "secret");
		return new ModuleVerifier(this.functions, this.path, secret, this.ports, this.batchTimeLimit, this.egresses,
				this.runtime, this.gateway);
	}

	/**
	 * Return the same verifier that also checks that URLs do not lead to the
	 * application's other port. Any third port may be that of a proxy.
	 * @param endpoint port that serves only the endpoint
	 * @param other port that serves everything else
	 * @return the verifier
	 */
	public ModuleVerifier ports(int endpoint, int other) {
		return new ModuleVerifier(this.functions, this.path, this.secret, new Ports(endpoint, other),
				this.batchTimeLimit, this.egresses, this.runtime, this.gateway);
	}

	/**
	 * Return the same verifier that also checks that the cluster waits long enough.
	 * @param limit time limit of requests at the endpoint
	 * @return the verifier
	 */
	public ModuleVerifier batchTimeLimit(BatchTimeLimit limit) {
		Objects.requireNonNull(limit, "'limit' must not be null");
		return new ModuleVerifier(this.functions, this.path, this.secret, this.ports, limit, this.egresses,
				this.runtime, this.gateway);
	}

	/**
	 * Return the same verifier that also checks that an egress exists.
	 * @param egress the egress
	 * @param usedBy description of the sender
	 * @return the verifier
	 */
	public ModuleVerifier egress(EgressId egress, String usedBy) {
		Objects.requireNonNull(egress, "'egress' must not be null");
		requireText(usedBy, "usedBy");
		Map<EgressId, String> egresses = new LinkedHashMap<>(this.egresses);
		egresses.putIfAbsent(egress, usedBy);
		return new ModuleVerifier(this.functions, this.path, this.secret, this.ports, this.batchTimeLimit, egresses,
				this.runtime, this.gateway);
	}

	/**
	 * Return the same verifier that also checks the keys that only some runtimes have.
	 * Without a runtime, they are warnings.
	 * @param runtime runtime of the cluster
	 * @return the verifier
	 */
	public ModuleVerifier runtime(ModuleRuntime runtime) {
		Objects.requireNonNull(runtime, "'runtime' must not be null");
		return new ModuleVerifier(this.functions, this.path, this.secret, this.ports, this.batchTimeLimit,
				this.egresses, runtime, this.gateway);
	}

	/**
	 * Return the same verifier that also checks the entry, the ingress and the egress of
	 * a gateway.
	 * @param gateway gateway of the application
	 * @return the verifier
	 */
	public ModuleVerifier gateway(Gateway gateway) {
		Objects.requireNonNull(gateway, "'gateway' must not be null");
		ModuleVerifier verifier = egress(EgressId.parse(gateway.egress()), "the gateway");
		return new ModuleVerifier(this.functions, this.path, this.secret, this.ports, this.batchTimeLimit,
				verifier.egresses, this.runtime, gateway);
	}

	private static void requireText(String text, String name) {
		if (text.isBlank()) {
			throw new IllegalArgumentException("'" + name + "' must not be empty");
		}
	}

	/**
	 * Check a file, whose form is that of the runtime, or else recognized.
	 * @param file the file
	 * @return the findings
	 * @throws UncheckedIOException if it can't be read, or has more than 16 MB
	 */
	public ModuleReport verify(Path file) {
		return verify(read(file));
	}

	/**
	 * Check a file that is meant for clusters of one generation.
	 * @param file the file
	 * @param format the form that these clusters read
	 * @return the findings
	 * @throws UncheckedIOException if it can't be read, or has more than 16 MB
	 */
	public ModuleReport verify(Path file, ModuleFormat format) {
		return verify(read(file), format);
	}

	private static String read(Path file) {
		Objects.requireNonNull(file, "'file' must not be null");
		try (InputStream content = Files.newInputStream(file)) {
			byte[] bytes = content.readNBytes(MAX_BYTES + 1);
			if (bytes.length > MAX_BYTES) {
				throw new IOException("it has more than " + (MAX_BYTES >> 20) + " MB, far more than a module");
			}
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Failed to read '" + file + "'", ex);
		}
	}

	/**
	 * Check a text, whose form is that of the runtime, or else recognized.
	 * @param moduleYaml the text of a module.yaml
	 * @return the findings
	 */
	public ModuleReport verify(String moduleYaml) {
		return check(moduleYaml, (this.runtime != null) ? this.runtime.format() : null);
	}

	/**
	 * Check a text that is meant for clusters of one generation.
	 * @param moduleYaml the text of a module.yaml
	 * @param format the form that these clusters read
	 * @return the findings
	 */
	public ModuleReport verify(String moduleYaml, ModuleFormat format) {
		Objects.requireNonNull(format, "'format' must not be null");
		return check(moduleYaml, format);
	}

	private ModuleReport check(String moduleYaml, @Nullable ModuleFormat format) {
		Objects.requireNonNull(moduleYaml, "'moduleYaml' must not be null");
		Findings findings = new Findings(this.secret);
		ModuleContent content = new ModuleContent();
		if (read(moduleYaml, format, content, findings)) {
			Comparison comparison = new Comparison(content, this.functions, findings);
			comparison.functions();
			if (content.statesInFile()) {
				comparison.states();
			}
			comparison.targets();
			comparison.egresses(this.egresses);
			if (this.gateway != null) {
				comparison.gateway(this.gateway);
			}
			if (this.path != null) {
				comparison.paths(this.path, this.secret);
			}
			if (this.ports != null) {
				comparison.ports(this.ports);
			}
			comparison.timeouts(this.batchTimeLimit);
		}
		return findings.report();
	}

	/**
	 * Read a text.
	 * @param moduleYaml the text
	 * @param format expected form, or {@code null} for any
	 * @param content receives the content
	 * @param findings receives the findings
	 * @return whether there is something to compare
	 */
	private boolean read(String moduleYaml, @Nullable ModuleFormat format, ModuleContent content, Findings findings) {
		List<YamlPart> documents;
		try {
			documents = YamlPart.documents(moduleYaml);
		}
		catch (YAMLException ex) {
			findings.error(Kind.UNREADABLE, place(ex), "no YAML: " + problem(ex), "a file that can be parsed",
					"Correct it");
			return false;
		}
		if (documents.isEmpty() || !documents.get(0).isMap()) {
			findings.error(Kind.UNREADABLE, "line 1", "nothing that is a module",
					"'version' and 'module' (2.x), or documents with 'kind' (3.x)",
					"Write it with 'statefun.module.write-to'");
			return false;
		}
		if (KubernetesObjects.report(documents, findings)) {
			return false;
		}
		YamlPart first = documents.get(0);
		YamlPart version = first.get("version");
		if (version != null && documents.size() == 1 || first.get("module") != null) {
			return readSingle(first.named("module"), version, format, content, findings);
		}
		if (format == ModuleFormat.V2) {
			findings.error(Kind.WRONG_FORMAT, first.place(), "components with a 'kind'",
					"one document with 'version: \"2.0\"', as clusters of 2.x read nothing else",
					"Write the format 'v2'");
			return false;
		}
		ModuleRuntime own = (this.runtime != null && this.runtime.format() == ModuleFormat.V3) ? this.runtime : null;
		new V3ModuleReader(content, findings, own).read(documents);
		return true;
	}

	private static boolean readSingle(YamlPart document, @Nullable YamlPart version, @Nullable ModuleFormat format,
			ModuleContent content, Findings findings) {
		String text = (version != null) ? version.text() : null;
		if (version == null || text == null || !version.isText()) {
			findings.error(Kind.INVALID_VALUE, document.place(),
					(text != null) ? "'version: " + text + "', which is a number" : "no 'version'",
					"a text, as clusters refuse anything else", "Write 'version: \"2.0\"'");
			text = (text != null) ? text : "2.0";
		}
		if (!Set.of("1.0", "2.0").contains(text)) {
			findings.error(Kind.WRONG_FORMAT, document.place(), "'version: \"" + text + "\"'",
					"'version: \"2.0\"' (2.1 and 2.2), or documents with 'kind' (3.1 and later)",
					text.equals("3.0")
							? "Write the format 'v3': 3.1 and later still read this one, but it is not checked"
							: "Write the format 'v2' or 'v3'");
			return false;
		}
		if (format == ModuleFormat.V3) {
			findings.error(Kind.WRONG_FORMAT, document.place(), "one document with 'version: \"" + text + "\"'",
					"a document with 'kind' for each component, as clusters of 3.1 and later refuse this",
					"Write the format 'v3'");
			return false;
		}
		new V2ModuleReader(content, findings, text).read(document);
		return true;
	}

	private static String place(YAMLException ex) {
		return (ex instanceof MarkedYAMLException marked && marked.getProblemMark() != null)
				? "line " + (marked.getProblemMark().getLine() + 1) : "the file";
	}

	// Without the snippet of the file, which may contain anything
	private static String problem(YAMLException ex) {
		return (ex instanceof MarkedYAMLException marked && marked.getProblem() != null) ? marked.getProblem()
				: String.valueOf(ex.getMessage());
	}

	/**
	 * Ports of an application that serves the endpoint on a port of its own.
	 *
	 * @param endpoint port that serves only the endpoint
	 * @param other port that serves everything else
	 */
	record Ports(int endpoint, int other) {

	}

}
