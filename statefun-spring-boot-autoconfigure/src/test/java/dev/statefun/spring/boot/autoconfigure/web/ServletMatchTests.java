package dev.statefun.spring.boot.autoconfigure.web;

import java.util.Arrays;
import java.util.List;

import jakarta.servlet.ServletRegistration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ServletMatch}.
 */
class ServletMatchTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			/statefun | /statefun | / /* /statefun/* /statefun *.x
			/statefun | /statefun/* | / /* /statefun/* /other
			/statefun | /* | / /* *.statefun /statefu
			/statefun | / | / /statefun2/* /other/* *.statefun
			/a/b.do | *.do | / *.do /a/c/*
			/a/b.do | /a/* | / *.do /a/* /*
			/a/b/c | /a/b/* | /a/* /a/b/* /a/b
			/ | "" | / ""
			""")
	void choiceMatchesTheServer(String path, String chosen, String mappings) {
		List<ServletRegistration> servlets = Arrays.stream(mappings.split(" "))
			.map((mapping) -> mapping.replace("\"", ""))
			.map(ServletMatchTests::servlet)
			.toList();
		assertThat(ServletMatch.find(servlets, path)).isNotNull().extracting(ServletMatch::mapping).isEqualTo(chosen);
	}

	@Test
	void withoutAMatchNoServletIsChosen() {
		assertThat(ServletMatch.find(List.of(servlet("/other"), servlet("*.do")), "/statefun")).isNull();
	}

	@Test
	void onlyAMappingWithoutAWildcardIsExact() {
		for (String mapping : List.of("/", "/*", "/statefun/*", "*.do")) {
			assertThat(new ServletMatch(servlet(mapping), mapping).isExact()).as(mapping).isFalse();
		}
		for (String mapping : List.of("", "/statefun")) {
			assertThat(new ServletMatch(servlet(mapping), mapping).isExact()).as(mapping).isTrue();
		}
	}

	private static ServletRegistration servlet(String mapping) {
		ServletRegistration servlet = mock(ServletRegistration.class);
		given(servlet.getMappings()).willReturn(List.of(mapping));
		return servlet;
	}

}
