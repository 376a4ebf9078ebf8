package dev.statefun.sample;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the request that the sample's README sends with curl: the first message of a 2.x
 * cluster to {@code example/count}, id {@code joe}, made by hand from protocol.md §1.
 */
@SpringBootTest
@AutoConfigureMockMvc
class ReadmeRequestTests {

	@Autowired
	private MockMvcTester mvc;

	@Test
	void requestOfTheReadmeIsGreeted() throws Exception {
		byte[] request = Files.readAllBytes(Path.of("requests/count-joe.bin"));
		assertThat(this.mvc.post().uri("/statefun").contentType(MediaType.APPLICATION_OCTET_STREAM).content(request))
			.hasStatusOk()
			.bodyText()
			.contains("joe")
			.contains("Hello Joe")
			.contains("greetings");
	}

}
