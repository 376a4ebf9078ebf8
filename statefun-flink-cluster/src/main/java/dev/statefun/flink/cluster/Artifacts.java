package dev.statefun.flink.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.repository.LocalRepositoryManager;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferEvent;

/**
 * Jars of a released StateFun: those of its list, from the local Maven repository, or
 * else from the user's repositories. A file of the local repository is used wherever it
 * came from, which Maven itself refuses without a network.
 */
final class Artifacts {

	private static final System.Logger logger = System.getLogger(Artifacts.class.getName());

	private final FlinkRelease release;

	private final ResolverSettings settings;

	Artifacts(FlinkRelease release, ResolverSettings settings) {
		this.release = release;
		this.settings = settings;
	}

	List<Path> resolve() {
		AtomicInteger downloads = new AtomicInteger();
		try (Context context = Runtimes.INSTANCE.getRuntime().create(overrides(downloads))) {
			List<ReleaseJar> jars = ReleaseJar.of(this.release);
			List<ReleaseJar> missing = jars.stream().filter((jar) -> !Files.isRegularFile(file(context, jar))).toList();
			if (!missing.isEmpty()) {
				download(context, missing);
			}
			if (downloads.get() > 0) {
				logger.log(System.Logger.Level.INFO, "Downloaded {0} files of {1}", downloads.get(), this.release);
			}
			return jars.stream().map((jar) -> file(context, jar)).toList();
		}
	}

	private static Path file(Context context, ReleaseJar jar) {
		LocalRepositoryManager local = context.repositorySystemSession().getLocalRepositoryManager();
		return local.getRepository()
			.getBasedir()
			.toPath()
			.resolve(local.getPathForLocalArtifact(new DefaultArtifact(jar.coordinates())));
	}

	private ContextOverrides overrides(AtomicInteger downloads) {
		ContextOverrides.Builder overrides = ContextOverrides.create()
			.withUserSettings(true)
			// Content is compared with the list, and not every mirror has checksums
			.checksumPolicy(ContextOverrides.ChecksumPolicy.IGNORE)
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

	private void download(Context context, List<ReleaseJar> missing) {
		List<ArtifactRequest> requests = missing.stream()
			.map((jar) -> new ArtifactRequest(new DefaultArtifact(jar.coordinates()), context.remoteRepositories(),
					null))
			.toList();
		ArtifactResolutionException failure = null;
		try {
			context.repositorySystem().resolveArtifacts(context.repositorySystemSession(), requests);
		}
		catch (ArtifactResolutionException ex) {
			failure = ex;
		}
		// Also those that arrived before a failure, as a later start uses them
		deleteOthers(context, missing);
		if (failure != null) {
			throw new FlinkClusterException("Could not get the jars of " + this.release
					+ " with the Maven settings of this user: " + failure.getMessage()
					+ "; the first start needs the network, or a Maven repository that has them", failure);
		}
	}

	private void deleteOthers(Context context, List<ReleaseJar> downloaded) {
		List<ReleaseJar> others = new ArrayList<>();
		try {
			for (ReleaseJar jar : downloaded) {
				Path file = file(context, jar);
				if (Files.isRegularFile(file) && !jar.isIn(file)) {
					Files.delete(file);
					others.add(jar);
				}
			}
		}
		catch (IOException ex) {
			throw new FlinkClusterException("The jars of " + this.release + " can't be read", ex);
		}
		if (!others.isEmpty()) {
			throw new FlinkClusterException(
					"Found another content in the Maven repository, expected these SHA-256 digests: " + others
							+ ". The downloaded files were deleted; check the repository of the Maven settings");
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
