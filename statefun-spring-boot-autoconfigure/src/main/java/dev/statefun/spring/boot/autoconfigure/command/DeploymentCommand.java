package dev.statefun.spring.boot.autoconfigure.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

import dev.statefun.deploy.DeploymentFiles;
import dev.statefun.deploy.DeploymentTarget;
import dev.statefun.module.ModuleReport;
import dev.statefun.module.ModuleVerifier;
import dev.statefun.spring.boot.autoconfigure.deploy.StatefunDeployProperties;
import dev.statefun.spring.boot.autoconfigure.internal.AtomicFile;
import dev.statefun.spring.boot.autoconfigure.module.StatefunModuleProperties;

import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.context.ApplicationContext;
import org.springframework.util.StringUtils;

/**
 * Writes deployment files, and checks the module in them.
 */
final class DeploymentCommand {

	private static final String PROPERTY = "statefun.deploy.write-to";

	private final ApplicationContext context;

	private final CommandProcess process;

	DeploymentCommand(ApplicationContext context, CommandProcess process) {
		this.context = context;
		this.process = process;
	}

	/**
	 * Write the files, each completely or not at all. Other files stay.
	 * @param directory directory of the files, created if it does not exist
	 * @return the exit status
	 */
	int write(String directory) {
		DeploymentTarget target = this.context.getBean(StatefunDeployProperties.class).target();
		if (target == null) {
			throw new FailureAnalyzedException(
					"Found '" + PROPERTY + "' without 'statefun.deploy.target'; expected one of "
							+ Arrays.toString(DeploymentTarget.values()) + ".",
					"Set 'statefun.deploy.target'.");
		}
		Path folder = path(directory);
		DeploymentFiles files = this.context.getBean(DeploymentFiles.class);
		Map<String, String> texts = files.generate(target);
		try {
			Files.createDirectories(folder);
			for (Map.Entry<String, String> text : texts.entrySet()) {
				new AtomicFile(folder.resolve(text.getKey())).write(text.getValue().getBytes(StandardCharsets.UTF_8));
			}
		}
		catch (IOException ex) {
			throw new FailureAnalyzedException("'" + PROPERTY + "': can't write to '" + directory + "': " + ex + ".",
					"Give a directory that may be written to.", ex);
		}
		ModuleReport report = this.context.getBean(ModuleVerifier.class)
			.verify(files.module(), this.context.getBean(StatefunModuleProperties.class).formatToWrite());
		report.findings().forEach((finding) -> this.process.printError(finding.toString()));
		return CommandLifecycleProcessor.status(report);
	}

	private static Path path(String directory) {
		try {
			if (StringUtils.hasText(directory) && !directory.equals(CommandRequest.STANDARD_OUTPUT)) {
				return Path.of(directory);
			}
		}
		catch (InvalidPathException ex) {
			throw new FailureAnalyzedException("'" + PROPERTY + "' is no name of a directory: " + ex.getReason() + ".",
					"Give a directory.", ex);
		}
		throw new FailureAnalyzedException("'" + PROPERTY + "' is '" + directory + "', which is no directory.",
				"Give a directory, or remove the property to start the application.");
	}

}
