package dev.statefun.spring.boot.autoconfigure.diagnostics;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;

/**
 * Rejects a Spring Boot version that lacks classes which the auto-configuration links
 * against. Runs before any of them is loaded, on any Spring Boot, so it uses only what
 * 3.x has too.
 */
final class SpringBootVersionCheck implements ApplicationContextInitializer<ConfigurableApplicationContext>, Ordered {

	private static final int MAJOR = 4;

	private static final int MINOR = 1;

	private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\b.*");

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		if (context.getEnvironment().getProperty("statefun.enabled", Boolean.class, true)) {
			require(SpringBootVersion.getVersion());
		}
	}

	// A version that can't be parsed is accepted
	static void require(@Nullable String version) {
		Matcher matcher = VERSION.matcher((version != null) ? version : "");
		if (!matcher.matches()) {
			return;
		}
		int major = Integer.parseInt(matcher.group(1));
		if (major < MAJOR || (major == MAJOR && Integer.parseInt(matcher.group(2)) < MINOR)) {
			throw new UnsupportedSpringBootException(matcher.group(), MAJOR + "." + MINOR);
		}
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
