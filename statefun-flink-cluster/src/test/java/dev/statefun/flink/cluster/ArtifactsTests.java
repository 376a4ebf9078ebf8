package dev.statefun.flink.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Artifacts}, with a local repository that lacks one jar, and a mirror
 * in a folder that has it.
 */
class ArtifactsTests {

	private static final FlinkRelease RELEASE = FlinkRelease.STATEFUN_3_3;

	private static final String JAR = "com/google/code/findbugs/jsr305/1.3.9/jsr305-1.3.9.jar";

	@TempDir
	private Path folder;

	private Path repository;

	private Path mirror;

	@BeforeEach
	void allOtherJarsAreThere() throws IOException {
		this.repository = this.folder.resolve("repository");
		this.mirror = this.folder.resolve("mirror");
		for (ReleaseJar jar : ReleaseJar.of(RELEASE)) {
			Path file = this.repository.resolve(path(jar));
			if (!file.endsWith(JAR)) {
				Files.createDirectories(file.getParent());
				Files.createFile(file);
			}
		}
	}

	@Test
	void missingJarIsDownloadedFromTheMirrorOfTheSettings() throws IOException {
		write(this.mirror.resolve(JAR), content());
		assertThat(resolve(false, settings())).contains(this.repository.resolve(JAR)).hasSize(41);
		assertThat(this.repository.resolve(JAR)).hasBinaryContent(content());
	}

	@Test
	void secondStartNeedsNeitherTheNetworkNorTheMirror() throws IOException {
		write(this.mirror.resolve(JAR), content());
		List<Path> jars = resolve(false, settings());
		assertThat(resolve(true, null)).isEqualTo(jars);
	}

	@Test
	void otherContentIsRefusedAndNotKept() throws IOException {
		write(this.mirror.resolve(JAR), new byte[] { 1 });
		assertThatExceptionOfType(FlinkClusterException.class).isThrownBy(() -> resolve(false, settings()))
			.withMessageStartingWith("Found another content in the Maven repository")
			.withMessageContaining(
					"com.google.code.findbugs:jsr305:1.3.9 905721a0eea90a81534abb7ee6ef4ea2e5e645fa1def0a5cd88402df1b46c9ed");
		assertThat(this.repository.resolve(JAR)).doesNotExist();
	}

	@Test
	void missingJarIsNamedWithoutTheNetwork() {
		assertThatExceptionOfType(FlinkClusterException.class).isThrownBy(() -> resolve(true, null))
			.withMessageStartingWith("Could not get the jars of StateFun 3.3.0 on Flink 1.16.2")
			.withMessageContaining("com.google.code.findbugs:jsr305:jar:1.3.9")
			.withMessageContaining("the first start needs the network");
	}

	@Test
	void settingsAreNamedByASystemProperty() throws IOException {
		Path settings = settings();
		System.setProperty("statefun.flink-cluster.maven-settings", settings.toString());
		try {
			assertThat(ResolverSettings.ofSystem()).isEqualTo(new ResolverSettings(false, null, settings));
		}
		finally {
			System.clearProperty("statefun.flink-cluster.maven-settings");
		}
		assertThat(ResolverSettings.ofSystem()).isEqualTo(new ResolverSettings(false, null, null));
	}

	private List<Path> resolve(boolean offline, @Nullable Path settingsXml) {
		return new Artifacts(RELEASE, new ResolverSettings(offline, this.repository, settingsXml)).resolve();
	}

	private Path settings() throws IOException {
		return Files.writeString(this.folder.resolve("settings.xml"), """
				<settings>
					<mirrors>
						<mirror>
							<id>own</id>
							<mirrorOf>*</mirrorOf>
							<url>%s</url>
						</mirror>
					</mirrors>
				</settings>
				""".formatted(this.mirror.toUri()));
	}

	private static byte[] content() throws IOException {
		for (Path file : ReleaseJarTests.resolvedByMaven("v3")) {
			if (file.endsWith(JAR)) {
				return Files.readAllBytes(file);
			}
		}
		throw new AssertionError(JAR);
	}

	private static void write(Path file, byte[] content) throws IOException {
		Files.createDirectories(file.getParent());
		Files.write(file, content);
	}

	private static String path(ReleaseJar jar) {
		String[] coordinates = jar.coordinates().split(":");
		return coordinates[0].replace('.', '/') + "/" + coordinates[1] + "/" + coordinates[2] + "/" + coordinates[1]
				+ "-" + coordinates[2] + ".jar";
	}

}
