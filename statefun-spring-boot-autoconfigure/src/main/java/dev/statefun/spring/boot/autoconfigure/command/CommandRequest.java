package dev.statefun.spring.boot.autoconfigure.command;

import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Command that the application runs instead of serving.
 *
 * @param writeModule where to write module.yaml, if at all
 * @param writeDescriptors where to write the descriptors of messages, if at all
 * @param verifyModule module.yaml to check, if any
 * @param writeManifest where to write the manifest of states, if at all
 * @param verifyManifest manifest of states to compare with, if any
 * @param writeDeployment directory to write deployment files to, if at all
 */
record CommandRequest(@Nullable String writeModule, @Nullable String writeDescriptors, @Nullable String verifyModule,
		@Nullable String writeManifest, @Nullable String verifyManifest, @Nullable String writeDeployment) {

	static final String STANDARD_OUTPUT = "-";

	static CommandRequest from(Environment environment) {
		Binder binder = Binder.get(environment);
		return new CommandRequest(text(binder, "statefun.module.write-to"),
				text(binder, "statefun.module.write-descriptors-to"), text(binder, "statefun.module.verify"),
				text(binder, "statefun.manifest.write-to"), text(binder, "statefun.manifest.verify"),
				text(binder, "statefun.deploy.write-to"));
	}

	// An empty name counts as a request: it is rejected later, where a service would
	// start
	private static @Nullable String text(Binder binder, String property) {
		return binder.bind(property, Bindable.of(String.class)).orElse(null);
	}

	boolean isEmpty() {
		return this.writeModule == null && this.writeDescriptors == null && this.verifyModule == null
				&& this.writeManifest == null && this.verifyManifest == null && this.writeDeployment == null;
	}

	boolean needsModule() {
		return this.writeModule != null || this.verifyModule != null;
	}

	boolean writesToStandardOutput() {
		return Stream.of(this.writeModule, this.writeDescriptors, this.writeManifest).anyMatch(STANDARD_OUTPUT::equals);
	}

}
