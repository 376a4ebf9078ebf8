package dev.statefun.flink.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.graph.Exclusion;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.resolution.DependencyResolutionException;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferEvent;
import org.jspecify.annotations.Nullable;

/**
 * Jars of a released StateFun, from the user's Maven repositories. The list of files is
 * kept in the local repository, so that a second start asks no repository.
 */
final class Artifacts {

	private static final System.Logger logger = System.getLogger(Artifacts.class.getName());

	private static final List<Exclusion> ALL = List.of(new Exclusion("*", "*", "*", "*"));

	private final FlinkRelease release;

	private final ResolverSettings settings;

	Artifacts(FlinkRelease release, ResolverSettings settings) {
		this.release = release;
		this.settings = settings;
	}

	List<Path> resolve() {
		AtomicInteger downloads = new AtomicInteger();
		try (Context context = Runtimes.INSTANCE.getRuntime().create(overrides(downloads))) {
			Path list = context.repositorySystemSession()
				.getLocalRepository()
				.getBasedir()
				.toPath()
				.resolve(".cache/statefun-flink-cluster/" + this.release.version() + ".txt");
			List<Path> known = read(list);
			if (known != null) {
				return known;
			}
			List<Path> resolved = resolve(context);
			if (downloads.get() > 0) {
				logger.log(System.Logger.Level.INFO, "Downloaded {0} files of {1}", downloads.get(), this.release);
			}
			write(list, resolved);
			return resolved;
		}
	}

	private ContextOverrides overrides(AtomicInteger downloads) {
		ContextOverrides.Builder overrides = ContextOverrides.create()
			.withUserSettings(true)
			.checksumPolicy(ContextOverrides.ChecksumPolicy.FAIL)
			.transferListener(new Progress(downloads));
		if (this.settings.offline()) {
			overrides.offline(true);
		}
		if (this.settings.localRepository() != null) {
			overrides.withLocalRepositoryOverride(this.settings.localRepository());
		}
		if (this.settings.settingsXml() != null) {
			overrides.withUserSettingsXmlOverride(this.settings.settingsXml());
		}
		return overrides.build();
	}

	private List<Path> resolve(Context context) {
		CollectRequest request = new CollectRequest();
		request.setRepositories(context.remoteRepositories());
		request.addDependency(
				new Dependency(new DefaultArtifact(this.release.distribution()), "runtime").setExclusions(ALL));
		for (String artifact : this.release.artifacts()) {
			request.addDependency(new Dependency(new DefaultArtifact(artifact), "runtime"));
		}
		List<Path> files = new ArrayList<>();
		try {
			for (ArtifactResult result : context.repositorySystem()
				.resolveDependencies(context.repositorySystemSession(), new DependencyRequest(request, null))
				.getArtifactResults()) {
				files.add(result.getArtifact().getFile().toPath());
			}
		}
		catch (DependencyResolutionException ex) {
			throw new FlinkClusterException("Could not get the jars of " + this.release
					+ " with the Maven settings of this user: " + ex.getMessage()
					+ "; the first start needs the network, or a Maven repository that has them", ex);
		}
		return files;
	}

	private static @Nullable List<Path> read(Path list) {
		try {
			List<Path> files = Files.readAllLines(list).stream().map(Path::of).toList();
			return (!files.isEmpty() && files.stream().allMatch(Files::isRegularFile)) ? files : null;
		}
		catch (IOException ex) {
			// None yet
			return null;
		}
	}

	private static void write(Path list, List<Path> files) {
		try {
			Files.createDirectories(list.getParent());
			Path next = Files.createTempFile(list.getParent(), "files", ".txt");
			Files.write(next, files.stream().map(Path::toString).toList(), StandardCharsets.UTF_8);
			Files.move(next, list, StandardCopyOption.REPLACE_EXISTING);
		}
		catch (IOException ex) {
			logger.log(System.Logger.Level.DEBUG, "The next start will ask Maven's repositories again", ex);
		}
	}

	/**
	 * Reports each download.
	 */
	private static final class Progress extends AbstractTransferListener {

		private static final long LARGE = 1 << 20;

		private final AtomicInteger downloads;

		private Progress(AtomicInteger downloads) {
			this.downloads = downloads;
		}

		@Override
		public void transferInitiated(TransferEvent event) {
			if (event.getRequestType() == TransferEvent.RequestType.GET && this.downloads.get() == 0) {
				logger.log(System.Logger.Level.INFO, "Downloading Flink and StateFun from {0}",
						event.getResource().getRepositoryId());
			}
		}

		@Override
		public void transferSucceeded(TransferEvent event) {
			this.downloads.incrementAndGet();
			if (event.getTransferredBytes() > LARGE) {
				logger.log(System.Logger.Level.INFO, "Downloaded {0} ({1} MB)",
						Path.of(event.getResource().getResourceName()).getFileName(),
						event.getTransferredBytes() >> 20);
			}
		}

	}

}
