package dev.statefun.docs;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.statefun.docs.GuidePage.Command;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.SpringBootVersion;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Creates the project of the guide from its blocks, builds it as a user would, outside
 * this build and offline, and runs the guide's commands.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class GettingStartedIT {

	static final Path PAGE = Path.of("../docs/getting-started.md");

	private static final Log logger = LogFactory.getLog(GettingStartedIT.class);

	private static final Path DIRECTORY = Path.of("target/getting-started").toAbsolutePath();

	private static final Path PROJECT = DIRECTORY.resolve("stock");

	private static final Path REPOSITORY = DIRECTORY.resolve("repository");

	private static final Path JAR = PROJECT.resolve("target/stock-0.0.1-SNAPSHOT.jar");

	private static final String FAST_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

	private static final Pattern PORTS = Pattern.compile("PUT localhost:(\\d+)/.* GET localhost:(\\d+)/");

	private static final Pattern TIME = Pattern.compile("\"time\":\"[^\"]*\"");

	private static GuidePage page;

	@BeforeAll
	static void projectIsMadeAndBuilt() throws Exception {
		page = GuidePage.read(PAGE);
		writeFiles();
		try {
			LinkedRepository.create(REPOSITORY, Path.of(property("maven.repo.local")), property("project.version"));
		}
		catch (UnsupportedOperationException ex) {
			logger.warn("SKIPPED: the guide is not tried out, as this system has no symbolic links", ex);
			Assumptions.abort("No symbolic links");
		}
		Command build = page.commands("mvn", "verify").get(0);
		Result result = maven("verify-offline.log", build, "-o");
		if (result.status() != 0 && result.output().contains("offline mode")) {
			logger.warn("The local repository lacks artifacts that a new project needs, so they are downloaded once. "
					+ "The offline build follows");
			Result download = maven("verify-online.log", build);
			assertThat(download.status()).as(download.output()).isZero();
			result = maven("verify-offline.log", build, "-o");
		}
		assertThat(result.status()).as(result.output()).isZero();
		assertThat(result.output()).contains("BUILD SUCCESS");
	}

	@Test
	void guideUsesTheSpringBootVersionOfThisBuild() {
		assertThat(page.files().get("pom.xml")).containsSubsequence(
				"<artifactId>spring-boot-starter-parent</artifactId>",
				"<version>" + SpringBootVersion.getVersion() + "</version>", "</parent>");
	}

	@Test
	void testOfTheProjectRuns() {
		assertThat(PROJECT.resolve("target/surefire-reports/com.example.stock.StockTests.txt")).content()
			.contains("Tests run: 3, Failures: 0, Errors: 0, Skipped: 0");
	}

	@Test
	void packagedJarHasNoDevelopmentDependencies() throws IOException {
		try (JarFile jar = new JarFile(JAR.toFile())) {
			assertThat(jar.stream()
				.map(JarEntry::getName)
				.filter((name) -> name.endsWith(".jar"))
				.map((name) -> name.replaceAll("^BOOT-INF/lib/|-\\d.*", "")))
				.contains("statefun-sdk", "statefun-spring-boot-autoconfigure", "hibernate-validator", "protobuf-java")
				.doesNotContain("statefun-local-runtime", "statefun-spring-boot-test", "protobuf-java-util");
		}
	}

	@Test
	void applicationAnswersAsThePageShows() throws Exception {
		List<Command> requests = page.commands("curl");
		assertThat(requests).hasSizeGreaterThan(5);
		Command run = page.commands("mvn", "spring-boot:run").get(0);
		Path log = DIRECTORY.resolve("run.log");
		Process process = startMaven(log, run, "-o",
				"-Dspring-boot.run.arguments=--server.address=127.0.0.1 --server.port=0"
						+ " --statefun.local-runtime.ingress-port=0 --statefun.local-runtime.egress-port=0"
						+ " --statefun.local-runtime.egress-wait=30s");
		try {
			await().atMost(Duration.ofMinutes(2))
				.until(() -> Files.readString(log).contains("Started StockApplication") || !process.isAlive());
			String started = Files.readString(log);
			MatchResult ports = PORTS.matcher(started)
				.results()
				.findFirst()
				.orElseThrow(() -> new AssertionError(started));
			Map<String, String> portsOfThePage = Map.of("8090", ports.group(1), "8091", ports.group(2));
			HttpClient client = HttpClient.newHttpClient();
			for (Command request : requests) {
				HttpResponse<String> response = client.send(request(request, portsOfThePage), BodyHandlers.ofString());
				assertThat(withoutTime(response.body())).as(request.toString())
					.isEqualTo(withoutTime(request.answer()));
				assertThat(response.statusCode()).as(request.toString()).isEqualTo(200);
			}
			assertThat(Files.readString(log)).contains("INFO").doesNotContain(" WARN ");
		}
		finally {
			end(process);
		}
	}

	@Test
	void packagedJarWritesTheModuleThatThePageShows() throws Exception {
		Command write = page.commands("java", "-jar").get(0);
		Path output = DIRECTORY.resolve("module.yaml");
		List<String> line = new ArrayList<>(List.of(Path.of(property("java.home"), "bin", "java").toString()));
		line.addAll(List.of(FAST_START.split(" ")));
		line.addAll(write.arguments());
		Process process = new ProcessBuilder(line).directory(PROJECT.toFile())
			.redirectOutput(output.toFile())
			.redirectError(DIRECTORY.resolve("module.log").toFile())
			.start();
		assertThat(status(process)).isZero();
		assertThat(Files.readString(output).strip()).isEqualTo(write.answer());
	}

	private static void writeFiles() throws IOException {
		FileSystemUtils.deleteRecursively(PROJECT);
		// Maven searches for this folder upwards and would find ours
		Files.createDirectories(PROJECT.resolve(".mvn"));
		for (Map.Entry<String, String> file : page.files().entrySet()) {
			Path path = PROJECT.resolve(file.getKey());
			Files.createDirectories(path.getParent());
			Files.writeString(path, file.getValue().replace("0.1.0-SNAPSHOT", property("project.version")));
		}
	}

	private static HttpRequest request(Command curl, Map<String, String> ports) {
		HttpRequest.Builder request = HttpRequest.newBuilder().timeout(Duration.ofMinutes(1));
		String method = "GET";
		HttpRequest.BodyPublisher body = BodyPublishers.noBody();
		for (Iterator<String> arguments = curl.arguments().iterator(); arguments.hasNext();) {
			String argument = arguments.next();
			switch (argument) {
				case "-X" -> method = arguments.next();
				case "-d" -> body = BodyPublishers.ofString(arguments.next());
				case "-H" -> request.headers(arguments.next().split(": ", 2));
				default -> {
					URI uri = URI.create("http://" + argument);
					String port = ports.get(String.valueOf(uri.getPort()));
					assertThat(port).as("port of %s", argument).isNotNull();
					request.uri(URI.create("http://localhost:" + port + uri.getRawPath()));
				}
			}
		}
		return request.method(method, body).build();
	}

	private static String withoutTime(String answer) {
		return TIME.matcher(answer.strip()).replaceAll("\"time\":\"\"");
	}

	private static Result maven(String log, Command command, String... arguments) throws Exception {
		Path output = DIRECTORY.resolve(log);
		int status = status(startMaven(output, command, arguments));
		return new Result(status, Files.readString(output));
	}

	private static Process startMaven(Path log, Command command, String... arguments) throws IOException {
		List<String> line = new ArrayList<>(List.of(Path.of(property("maven.home"), "bin", "mvn").toString(), "-B",
				"-ntp", "-Dmaven.repo.local=" + REPOSITORY, "-DargLine=" + FAST_START));
		line.addAll(List.of(arguments));
		line.addAll(command.arguments());
		ProcessBuilder builder = new ProcessBuilder(line).directory(PROJECT.toFile())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile());
		builder.environment().put("JAVA_HOME", property("java.home"));
		builder.environment().merge("MAVEN_OPTS", FAST_START, (own, more) -> own + " " + more);
		return builder.start();
	}

	private static int status(Process process) throws InterruptedException {
		try {
			assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
			return process.exitValue();
		}
		finally {
			end(process);
		}
	}

	/**
	 * End a process and its descendants. Maven ends the application that it runs unless
	 * it is killed.
	 * @param process the process
	 */
	private static void end(Process process) throws InterruptedException {
		try (Stream<ProcessHandle> descendants = process.descendants()) {
			List<ProcessHandle> all = descendants.toList();
			process.destroy();
			if (!process.waitFor(30, TimeUnit.SECONDS)) {
				process.destroyForcibly();
			}
			all.forEach(ProcessHandle::destroyForcibly);
		}
	}

	private static String property(String name) {
		String value = System.getProperty(name);
		assertThat(value).as("system property '%s', which 'mvn verify' sets", name).isNotNull();
		return value;
	}

	private record Result(int status, String output) {

	}

}
