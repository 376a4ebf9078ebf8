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
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import dev.statefun.docs.GuidePage.Command;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.SpringBootVersion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Creates the project of the guide from its blocks, builds it as a user would, outside
 * this build and offline, and runs the guide's commands.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class GettingStartedIT {

	static final Path PAGE = Path.of("../docs/getting-started.md");

	private static final Pattern PORTS = Pattern.compile("PUT localhost:(\\d+)/.* GET localhost:(\\d+)/");

	private static final Pattern TIME = Pattern.compile("\"time\":\"[^\"]*\"");

	private static GuidePage page;

	private static OutsideProject project;

	@BeforeAll
	static void projectIsMadeAndBuilt() throws Exception {
		page = GuidePage.read(PAGE);
		project = OutsideProject.create("stock", page.files());
		project.build(page.commands("mvn", "verify").get(0).arguments());
	}

	@Test
	void guideUsesTheSpringBootVersionOfThisBuild() {
		assertThat(page.files().get("pom.xml")).containsSubsequence(
				"<artifactId>spring-boot-starter-parent</artifactId>",
				"<version>" + SpringBootVersion.getVersion() + "</version>", "</parent>");
	}

	@Test
	void testOfTheProjectRuns() {
		assertThat(project.file("target/surefire-reports/com.example.stock.StockTests.txt")).content()
			.contains("Tests run: 3, Failures: 0, Errors: 0, Skipped: 0");
	}

	@Test
	void packagedJarHasNoDevelopmentDependencies() throws IOException {
		try (JarFile jar = new JarFile(project.file("target/stock-0.0.1-SNAPSHOT.jar").toFile())) {
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
		Path log = project.log("run.log");
		Process process = project.startMaven(log, run.arguments(), "-o",
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
			OutsideProject.end(process);
		}
	}

	@Test
	void packagedJarWritesTheModuleThatThePageShows() throws Exception {
		Command write = page.commands("java", "-jar").get(0);
		Path output = project.log("module.yaml");
		assertThat(project.java(output, write.arguments())).isZero();
		assertThat(Files.readString(output).strip()).isEqualTo(write.answer());
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

}
