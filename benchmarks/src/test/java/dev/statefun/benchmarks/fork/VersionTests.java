package dev.statefun.benchmarks.fork;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class VersionTests {

	private static final String SDK = "dev/statefun/sdk/handler/RequestReplyHandler.class";

	@TempDir
	Path directory;

	@Test
	void librariesOfTheJarAreUsedWithProgramsOfThisBuild() throws Exception {
		Path sdk = jar("lib/statefun-sdk.jar", "", SDK);
		Path spring = jar("lib/spring.jar", "", "org/springframework/Other.class");
		Path benchmarks = jar("benchmarks.jar", "lib/statefun-sdk.jar lib/spring.jar",
				"dev/statefun/benchmarks/Old.class");
		List<Path> classPath = classPath(Version.baseline(benchmarks));
		assertThat(classPath).endsWith(sdk, spring).doesNotContain(benchmarks);
		List<Path> programs = classPath.subList(0, classPath.size() - 2);
		assertThat(programs).isNotEmpty()
			.allSatisfy((entry) -> assertThat(ClassPath.has(entry, "dev/statefun/benchmarks/")).isTrue())
			.allSatisfy((entry) -> assertThat(ClassPath.references(entry)).isEmpty());
	}

	@Test
	void jarRunsItsOwnPrograms() throws Exception {
		jar("lib/statefun-sdk.jar", "", SDK);
		Path benchmarks = jar("benchmarks.jar", "lib/statefun-sdk.jar", "dev/statefun/benchmarks/Old.class");
		assertThat(Version.baselineWithItsPrograms(benchmarks).classPath()).isEqualTo(benchmarks.toString());
	}

	@Test
	void jarWithoutProgramsIsAnError() throws Exception {
		Path sdk = jar("statefun-sdk.jar", "", SDK);
		assertThatIllegalArgumentException().isThrownBy(() -> Version.baselineWithItsPrograms(sdk))
			.withMessageContaining("has no benchmark programs");
	}

	@Test
	void librariesCanBeLeftOut() throws Exception {
		Path sdk = jar("lib/statefun-sdk.jar", "", SDK);
		Path servlet = jar("lib/servlet.jar", "", "jakarta/servlet/Servlet.class");
		Path benchmarks = jar("benchmarks.jar", "lib/statefun-sdk.jar lib/servlet.jar lib/missing.jar",
				"dev/statefun/benchmarks/A.class");
		List<Path> classPath = classPath(
				new Version("all", benchmarks.toString()).without(List.of("jakarta/servlet/")));
		assertThat(classPath).hasSize(2).endsWith(sdk).doesNotContain(servlet, benchmarks);
		assertThat(ClassPath.has(classPath.get(0), "dev/statefun/benchmarks/")).isTrue();
		assertThat(ClassPath.references(classPath.get(0))).isEmpty();
	}

	@Test
	void jarOfTheSdkComesFirst() throws Exception {
		Path sdk = jar("statefun-sdk.jar", "", SDK);
		assertThat(Version.baseline(sdk).classPath())
			.isEqualTo(sdk + File.pathSeparator + System.getProperty("java.class.path"));
	}

	@Test
	void programsOfAJarAreCopiedWithoutItsLibraries() throws Exception {
		Path copy = Version
			.withoutManifest(jar("benchmarks.jar", "lib/statefun-sdk.jar", "dev/statefun/benchmarks/A.class"));
		assertThat(ClassPath.has(copy, "dev/statefun/benchmarks/A.class")).isTrue();
		assertThat(ClassPath.references(copy)).isEmpty();
	}

	@Test
	void missingJarIsAnError() {
		assertThatIllegalArgumentException().isThrownBy(() -> Version.baseline(Path.of("old/benchmarks.jar")))
			.withMessageContaining("There is no file 'old/benchmarks.jar'")
			.withMessageContaining("expected 'benchmarks.jar'");
		assertThatIllegalArgumentException().isThrownBy(() -> Version.baseline(this.directory))
			.withMessageContaining("There is no file");
	}

	@Test
	void fileThatIsNotAJarIsAnError() throws Exception {
		Path text = Files.writeString(this.directory.resolve("benchmarks.jar"), "no jar");
		assertThatIllegalArgumentException().isThrownBy(() -> Version.baseline(text))
			.withMessageContaining("is not a jar");
	}

	// It would be compared with itself
	@Test
	void jarWithoutTheSdkIsAnError() throws Exception {
		Path spring = jar("spring.jar", "", "org/springframework/Other.class");
		Path other = jar("other.jar", "spring.jar", "org/example/Program.class");
		for (Path jar : List.of(spring, other)) {
			assertThatIllegalArgumentException().isThrownBy(() -> Version.baseline(jar))
				.withMessageContaining("has no StateFun SDK");
		}
	}

	// A JVM starts without what a manifest names in vain
	@Test
	void missingLibrariesAreAnError() throws Exception {
		Path jar = jar("benchmarks.jar", "lib/statefun-sdk.jar", "dev/statefun/benchmarks/Old.class");
		assertThatIllegalArgumentException().isThrownBy(() -> Version.baseline(jar))
			.withMessageContaining(this.directory.resolve("lib/statefun-sdk.jar").toString())
			.withMessageContaining("copy the folder 'lib'");
	}

	private Path jar(String name, String references, String file) throws Exception {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		if (!references.isEmpty()) {
			manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, references);
		}
		Path jar = this.directory.resolve(name);
		Files.createDirectories(jar.getParent());
		try (JarOutputStream target = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
			target.putNextEntry(new JarEntry(file));
		}
		return jar;
	}

	private static List<Path> classPath(Version version) {
		return List.of(version.classPath().split(File.pathSeparator)).stream().map(Path::of).toList();
	}

}
