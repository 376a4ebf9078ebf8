package dev.statefun.spring.boot.autoconfigure.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

import dev.statefun.manifest.StateChange;
import dev.statefun.manifest.StateManifest;
import dev.statefun.module.MessageDescriptors;
import dev.statefun.module.ModuleFinding.Kind;
import dev.statefun.module.ModuleFormat;
import dev.statefun.module.ModuleGenerator;
import dev.statefun.module.ModuleReport;
import dev.statefun.module.ModuleVerifier;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.internal.AtomicFile;
import dev.statefun.spring.boot.autoconfigure.module.StatefunModuleProperties;

import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.context.ApplicationContext;
import org.springframework.context.LifecycleProcessor;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Runs the requested command at the point where the application would start its
 * lifecycles, and ends the process.
 */
final class CommandLifecycleProcessor implements LifecycleProcessor {

	/** Far above the size of any module or manifest. */
	private static final int MAX_BYTES = 16 * 1024 * 1024;

	private final ApplicationContext context;

	private final CommandRequest request;

	private final CommandProcess process;

	CommandLifecycleProcessor(ApplicationContext context, CommandRequest request, CommandProcess process) {
		this.context = context;
		this.request = request;
		this.process = process;
	}

	@Override
	public void onRefresh() {
		StatefulFunctions functions = this.context.getBeanProvider(StatefulFunctions.class).getIfAvailable();
		if (functions == null) {
			throw new FailureAnalyzedException(
					"There are no stateful functions to write or check: 'statefun.enabled' is false.",
					"Remove 'statefun.enabled=false', or the 'write-to' and 'verify' properties.");
		}
		int status = this.request.needsModule() ? module() : CommandProcess.DONE;
		if (this.request.writeDescriptors() != null) {
			write("statefun.module.write-descriptors-to", this.request.writeDescriptors(),
					MessageDescriptors.of(functions).toByteArray(), AtomicFile::write);
		}
		if (this.request.writeManifest() != null || this.request.verifyManifest() != null) {
			status = Math.max(status, manifest(functions));
		}
		if (this.request.writeDeployment() != null) {
			requireLibrary("org.yaml.snakeyaml.Yaml", "statefun.deploy", "org.yaml:snakeyaml");
			status = Math.max(status,
					new DeploymentCommand(this.context, this.process).write(this.request.writeDeployment()));
		}
		this.process.exit(status);
	}

	private int module() {
		requireLibrary("org.yaml.snakeyaml.Yaml", "statefun.module", "org.yaml:snakeyaml");
		StatefunModuleProperties properties = this.context.getBean(StatefunModuleProperties.class);
		ModuleVerifier verifier = this.context.getBean(ModuleVerifier.class);
		int status = CommandProcess.DONE;
		if (this.request.writeModule() != null) {
			ModuleFormat format = properties.formatToWrite();
			ModuleGenerator generator = this.context.getBean(ModuleGenerator.class);
			String text = generator.generate(format);
			boolean secrets = !text.equals(generator.masked().generate(format));
			write("statefun.module.write-to", this.request.writeModule(), utf8(text),
					secrets ? AtomicFile::writePrivately : AtomicFile::write);
			// Findings are printed even if the file was written as requested
			ModuleReport report = verifier.verify(text, format);
			report.findings().forEach((finding) -> this.process.printError(finding.toString()));
			status = status(report);
		}
		String file = this.request.verifyModule();
		if (file != null) {
			ModuleFormat format = properties.format();
			String text = read("statefun.module.verify", file);
			ModuleReport report = (format != null) ? verifier.verify(text, format) : verifier.verify(text);
			report.findings().forEach((finding) -> this.process.print(finding.toString()));
			this.process.print(file + ": " + count(report.errors().size(), "error") + ", "
					+ count(report.warnings().size(), "warning"));
			status = Math.max(status, status(report));
		}
		return status;
	}

	static int status(ModuleReport report) {
		boolean unreadable = report.errors().stream().anyMatch((finding) -> finding.kind() == Kind.UNREADABLE);
		return unreadable ? CommandProcess.FAILED
				: report.errors().isEmpty() ? CommandProcess.DONE : CommandProcess.WRONG;
	}

	private int manifest(StatefulFunctions functions) {
		requireLibrary("tools.jackson.databind.json.JsonMapper", "statefun.manifest",
				"org.springframework.boot:spring-boot-jackson");
		StateManifest manifest = StateManifest.of(functions);
		if (this.request.writeManifest() != null) {
			write("statefun.manifest.write-to", this.request.writeManifest(), utf8(manifest.toJson()),
					AtomicFile::write);
		}
		String file = this.request.verifyManifest();
		if (file == null) {
			return CommandProcess.DONE;
		}
		List<StateChange> changes = manifest.changesSince(parse(file));
		changes.forEach((change) -> this.process
			.print((change.isBreaking() ? "ERROR " : change.isHarmless() ? "INFO " : "WARNING ") + change));
		long errors = changes.stream().filter(StateChange::isBreaking).count();
		this.process
			.print(file + ": " + count(errors, "error") + ", " + count(changes.size() - errors, "other change"));
		if (changes.stream().anyMatch(StateChange::isBreakingBack)) {
			this.process
				.print("The earlier release can't read all that this one writes: do not roll back, or let both run");
		}
		return (errors == 0) ? CommandProcess.DONE : CommandProcess.WRONG;
	}

	private static String count(long number, String what) {
		return number + " " + what + ((number == 1) ? "" : "s");
	}

	private static StateManifest parse(String file) {
		String text = read("statefun.manifest.verify", file);
		try {
			return StateManifest.parse(text);
		}
		catch (IllegalArgumentException ex) {
			throw new FailureAnalyzedException("'statefun.manifest.verify' is '" + file + "': " + ex.getMessage() + ".",
					"Give a file that 'statefun.manifest.write-to' has written.", ex);
		}
	}

	private void requireLibrary(String className, String property, String artifact) {
		if (!ClassUtils.isPresent(className, this.context.getClassLoader())) {
			throw new FailureAnalyzedException(
					"'" + property + ".*' asks for a file that can't be written or read without '" + artifact + "'.",
					"Add the dependency '" + artifact + "'.");
		}
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private void write(String property, String target, byte[] bytes, FileWrite write) {
		if (target.equals(CommandRequest.STANDARD_OUTPUT)) {
			if (!this.process.write(bytes)) {
				throw new FailureAnalyzedException("'" + property + "': can't write to standard output.",
						"Give a file, or let the output go where there is room.");
			}
			return;
		}
		AtomicFile file = new AtomicFile(path(property, target));
		try {
			write.write(file, bytes);
		}
		catch (IOException ex) {
			throw new FailureAnalyzedException("'" + property + "': can't write '" + target + "': " + ex + ".",
					"Give a file in a directory that exists and may be written to, or '-' for the standard output.",
					ex);
		}
	}

	private static String read(String property, String file) {
		try (InputStream content = Files.newInputStream(path(property, file))) {
			byte[] bytes = content.readNBytes(MAX_BYTES + 1);
			if (bytes.length > MAX_BYTES) {
				throw new IOException("it has more than " + (MAX_BYTES >> 20) + " MB, far more than it should");
			}
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (IOException ex) {
			throw new FailureAnalyzedException("'" + property + "': can't read '" + file + "': " + ex + ".",
					"Give a file that exists, in UTF-8.", ex);
		}
	}

	private static Path path(String property, String file) {
		try {
			if (StringUtils.hasText(file)) {
				return Path.of(file);
			}
		}
		catch (InvalidPathException ex) {
			throw new FailureAnalyzedException("'" + property + "' is no name of a file: " + ex.getReason() + ".",
					"Give a file.", ex);
		}
		throw new FailureAnalyzedException("'" + property + "' is empty.",
				"Give a file, or remove the property to start the application.");
	}

	@Override
	public void onClose() {
		// Nothing was started
	}

	@Override
	public void start() {
		// Nothing is to be started
	}

	@Override
	public void stop() {
		// Nothing was started
	}

	@Override
	public boolean isRunning() {
		return false;
	}

	@FunctionalInterface
	private interface FileWrite {

		void write(AtomicFile file, byte[] content) throws IOException;

	}

}
