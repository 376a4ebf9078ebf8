package dev.statefun.docs;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.SpringBootVersion;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Resolves {@code statefun-flink-cluster} in a project outside this build, and starts a
 * cluster there.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FlinkClusterProjectIT {

	private static final String POM = """
			<project xmlns="http://maven.apache.org/POM/4.0.0">
				<modelVersion>4.0.0</modelVersion>
				<parent>
					<groupId>org.springframework.boot</groupId>
					<artifactId>spring-boot-starter-parent</artifactId>
					<version>%s</version>
					<relativePath/>
				</parent>
				<groupId>com.example</groupId>
				<artifactId>cluster</artifactId>
				<version>0.0.1-SNAPSHOT</version>
				<dependencyManagement>
					<dependencies>
						<dependency>
							<groupId>dev.statefun</groupId>
							<artifactId>statefun-bom</artifactId>
							<version>0.1.0-SNAPSHOT</version>
							<type>pom</type>
							<scope>import</scope>
						</dependency>
					</dependencies>
				</dependencyManagement>
				<dependencies>
					<dependency>
						<groupId>dev.statefun</groupId>
						<artifactId>statefun-spring-boot-starter</artifactId>
					</dependency>
					<dependency>
						<groupId>dev.statefun</groupId>
						<artifactId>statefun-flink-cluster</artifactId>
						<scope>test</scope>
					</dependency>
					<dependency>
						<groupId>org.springframework.boot</groupId>
						<artifactId>spring-boot-starter-test</artifactId>
						<scope>test</scope>
					</dependency>
				</dependencies>
			</project>
			""";

	private static final String TEST = """
			package com.example;

			import java.net.URI;
			import java.net.http.HttpClient;
			import java.net.http.HttpRequest;
			import java.net.http.HttpResponse;

			import dev.statefun.flink.cluster.FlinkCluster;
			import org.junit.jupiter.api.Test;

			import static org.assertj.core.api.Assertions.assertThat;
			import static org.assertj.core.api.Assertions.assertThatThrownBy;

			class ClusterTests {

				@Test
				void clusterStartsWithoutFlinkOnTheClassPath() throws Exception {
					assertThatThrownBy(() -> Class.forName("org.apache.flink.api.common.JobID"))
						.isInstanceOf(ClassNotFoundException.class);
					try (FlinkCluster cluster = FlinkCluster.builder().offline().start()) {
						HttpRequest overview = HttpRequest.newBuilder(URI.create(cluster.webUi() + "/overview")).build();
						HttpResponse<String> response = HttpClient.newHttpClient()
							.send(overview, HttpResponse.BodyHandlers.ofString());
						assertThat(response.body()).contains("\\"taskmanagers\\":1", "\\"flink-version\\":\\"1.16.2\\"");
					}
				}

			}
			""";

	@Test
	void clusterStartsInAProjectOfItsOwn() throws Exception {
		OutsideProject project = OutsideProject.create("cluster", Map.of("pom.xml",
				POM.formatted(SpringBootVersion.getVersion()), "src/test/java/com/example/ClusterTests.java", TEST));
		project.build(List.of("test"));
		assertThat(project.file("target/surefire-reports/com.example.ClusterTests.txt")).content()
			.contains("Tests run: 1, Failures: 0, Errors: 0, Skipped: 0");
	}

}
