package dev.statefun.spring.boot.autoconfigure;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * What the application is to do instead of serving.
 *
 * @param writeModule where to write module.yaml, if at all
 * @param verifyModule module.yaml to check, if any
 * @param writeManifest where to write the manifest of states, if at all
 * @param verifyManifest manifest of states to compare with, if any
 */
record CommandRequest(@Nullable String writeModule, @Nullable Path verifyModule, @Nullable String writeManifest,
		@Nullable Path verifyManifest) {

	static final String STANDARD_OUTPUT = "-";

	static CommandRequest from(Environment environment) {
		Binder binder = Binder.get(environment);
		String verifyModule = text(binder, "statefun.module.verify");
		String verifyManifest = text(binder, "statefun.manifest.verify");
		return new CommandRequest(text(binder, "statefun.module.write-to"),
				(verifyModule != null) ? Path.of(verifyModule) : null, text(binder, "statefun.manifest.write-to"),
				(verifyManifest != null) ? Path.of(verifyManifest) : null);
	}

	private static @Nullable String text(Binder binder, String property) {
		String text = binder.bind(property, Bindable.of(String.class)).orElse("");
		return StringUtils.hasText(text) ? text : null;
	}

	boolean isEmpty() {
		return this.writeModule == null && this.verifyModule == null && this.writeManifest == null
				&& this.verifyManifest == null;
	}

	boolean needsModule() {
		return this.writeModule != null || this.verifyModule != null;
	}

	boolean writesToStandardOutput() {
		return STANDARD_OUTPUT.equals(this.writeModule) || STANDARD_OUTPUT.equals(this.writeManifest);
	}

}
