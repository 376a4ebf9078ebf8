package dev.statefun.console.view;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

import dev.statefun.console.http.Answer;
import dev.statefun.console.http.ConsoleView;
import dev.statefun.console.http.JsonObject;
import dev.statefun.console.http.Routes;
import dev.statefun.manifest.StateChange;
import dev.statefun.manifest.StateManifest;
import dev.statefun.module.ModuleFinding;
import dev.statefun.module.ModuleFormat;
import dev.statefun.module.ModuleGenerator;
import dev.statefun.module.ModuleVerifier;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * The module.yaml that a cluster needs, the manifest of states, and how they differ from
 * files. Secrets are masked.
 *
 * @since 0.1.0
 */
public final class ModuleView implements ConsoleView {

	private final StatefulFunctions functions;

	private final Supplier<ModuleGenerator> generator;

	private final Supplier<ModuleVerifier> verifier;

	private final ModuleFormat format;

	private final @Nullable Path moduleFile;

	private final @Nullable Path manifestFile;

	/**
	 * Create the part.
	 * @param functions the functions
	 * @param generator writes module.yaml
	 * @param verifier compares it
	 * @param format form of the file
	 * @param moduleFile module.yaml to compare, if there is one
	 * @param manifestFile earlier manifest to compare, if there is one
	 */
	public ModuleView(StatefulFunctions functions, Supplier<ModuleGenerator> generator,
			Supplier<ModuleVerifier> verifier, ModuleFormat format, @Nullable Path moduleFile,
			@Nullable Path manifestFile) {
		this.functions = functions;
		this.generator = generator;
		this.verifier = verifier;
		this.format = format;
		this.moduleFile = moduleFile;
		this.manifestFile = manifestFile;
	}

	@Override
	public void addTo(Routes routes) {
		routes.get("module", (request) -> Answer.of(module()));
	}

	private JsonObject module() {
		List<String> errors = new ArrayList<>();
		StateManifest manifest = StateManifest.of(this.functions);
		List<JsonObject> differences = new ArrayList<>();
		String yaml = attempt(() -> this.generator.get().masked().generate(this.format), errors);
		Path module = this.moduleFile;
		if (module != null) {
			attempt(() -> this.verifier.get().verify(module).findings().stream().map(ModuleView::difference).toList(),
					errors, differences);
		}
		Path earlier = this.manifestFile;
		if (earlier != null) {
			attempt(() -> manifest.changesSince(StateManifest.parse(read(earlier)))
				.stream()
				.map(ModuleView::difference)
				.toList(), errors, differences);
		}
		return new JsonObject().with("format", this.format.name().toLowerCase(Locale.ROOT))
			.with("yaml", yaml)
			.with("manifest", manifest.toJson())
			.with("error", errors.isEmpty() ? null : String.join("\n", errors))
			.with("differences", differences)
			.with("comparedWith", (module != null) ? module.toString() : (earlier != null) ? earlier.toString() : null);
	}

	private static void attempt(Supplier<List<JsonObject>> differences, List<String> errors, List<JsonObject> all) {
		List<JsonObject> found = attempt(differences, errors);
		if (found != null) {
			all.addAll(found);
		}
	}

	private static <T> @Nullable T attempt(Supplier<T> supplier, List<String> errors) {
		try {
			return supplier.get();
		}
		catch (InvalidDeclarationException ex) {
			errors.add(ex.problem() + ". " + ex.action() + ".");
		}
		catch (IllegalArgumentException | UncheckedIOException ex) {
			errors.add(String.valueOf(ex.getMessage()));
		}
		return null;
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Failed to read '" + file + "'", ex);
		}
	}

	private static JsonObject difference(ModuleFinding finding) {
		return new JsonObject().with("severity", finding.severity().name().toLowerCase(Locale.ROOT))
			.with("where", finding.where())
			.with("text", finding.toString());
	}

	private static JsonObject difference(StateChange change) {
		return new JsonObject()
			.with("severity", change.isBreaking() ? "error" : change.isHarmless() ? "info" : "warning")
			.with("where", change.function() + ((change.state() != null) ? ", state '" + change.state() + "'" : ""))
			.with("text", change.toString());
	}

}
