package dev.statefun.spring.boot.autoconfigure.diagnostics;

/**
 * Thrown if the application runs on a Spring Boot that is too old.
 */
final class UnsupportedSpringBootException extends IllegalStateException {

	private final String needed;

	UnsupportedSpringBootException(String found, String needed) {
		super("The application runs on Spring Boot " + found + "; stateful functions need Spring Boot " + needed
				+ " or newer.");
		this.needed = needed;
	}

	String action() {
		return "Set the version of Spring Boot to " + this.needed
				+ " or newer: that of the parent 'spring-boot-starter-parent', of the imported "
				+ "'spring-boot-dependencies', or of the Gradle plugin 'org.springframework.boot'.";
	}

}
