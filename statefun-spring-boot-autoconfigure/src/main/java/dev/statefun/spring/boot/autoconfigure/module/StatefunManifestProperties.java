package dev.statefun.spring.boot.autoconfigure.module;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Configuration properties for the manifest of states.
 *
 * @param writeTo File to write the states and message types to instead of serving, '-'
 * for standard output.
 * @param verify File of an earlier release to compare states and message types with,
 * instead of serving.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.manifest")
public record StatefunManifestProperties(@Nullable String writeTo, @Nullable Path verify) {

}
