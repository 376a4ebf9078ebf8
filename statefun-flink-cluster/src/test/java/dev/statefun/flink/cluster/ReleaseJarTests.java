package dev.statefun.flink.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReleaseJar}.
 */
class ReleaseJarTests {

	@ParameterizedTest
	@CsvSource({ "STATEFUN_3_3, v3", "STATEFUN_2_2, v2" })
	void listHasTheJarsThatMavenResolvesForTheJob(FlinkRelease release, String job) throws IOException {
		List<Path> resolved = resolvedByMaven(job);
		List<ReleaseJar> listed = ReleaseJar.of(release);
		assertThat(resolved).extracting(Path::getFileName)
			.map(Path::toString)
			.isEqualTo(listed.stream().map(ReleaseJarTests::fileName).toList());
		for (int i = 0; i < listed.size(); i++) {
			assertThat(listed.get(i).isIn(resolved.get(i))).as(listed.get(i).coordinates()).isTrue();
		}
	}

	static List<Path> resolvedByMaven(String job) throws IOException {
		String classPath = Files.readString(Path.of("job", job, "target", "cluster-jars.txt"));
		return Stream.of(classPath.strip().split(File.pathSeparator)).map(Path::of).toList();
	}

	private static String fileName(ReleaseJar jar) {
		String[] coordinates = jar.coordinates().split(":");
		return coordinates[1] + "-" + coordinates[2] + ".jar";
	}

}
