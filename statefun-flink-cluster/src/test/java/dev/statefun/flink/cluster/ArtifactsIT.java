package dev.statefun.flink.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Artifacts}, with the repositories of the user.
 */
class ArtifactsIT {

	private static final ResolverSettings OFFLINE = new ResolverSettings(true, null, null);

	@TempDir
	private Path folder;

	@ParameterizedTest
	@EnumSource
	void secondStartNeedsNoNetwork(FlinkRelease release) {
		List<Path> jars = new Artifacts(release, ResolverSettings.DEFAULT).resolve();
		assertThat(jars).hasSizeBetween(35, 60).allSatisfy((jar) -> assertThat(jar).isRegularFile());
		assertThat(jars).extracting((jar) -> jar.getFileName().toString())
			.contains("statefun-flink-distribution-" + release.version() + ".jar")
			.doesNotHaveDuplicates();
		assertThat(new Artifacts(release, OFFLINE).resolve()).isEqualTo(jars);
	}

	@Test
	void jarThatWasDeletedIsResolvedAgain() throws Exception {
		List<Path> jars = new Artifacts(FlinkRelease.STATEFUN_3_3, ResolverSettings.DEFAULT).resolve();
		Path repository = this.folder.resolve("repository");
		Path list = repository.resolve(".cache/statefun-flink-cluster/3.3.0.txt");
		Files.createDirectories(list.getParent());
		Files.write(list, List.of(jars.get(0).toString(), this.folder.resolve("deleted.jar").toString()));
		assertThatExceptionOfType(FlinkClusterException.class).isThrownBy(
				() -> new Artifacts(FlinkRelease.STATEFUN_3_3, new ResolverSettings(true, repository, null)).resolve())
			.withMessageContaining("Could not get the jars of StateFun 3.3.0 on Flink 1.16.2")
			.withMessageContaining("the first start needs the network");
	}

}
