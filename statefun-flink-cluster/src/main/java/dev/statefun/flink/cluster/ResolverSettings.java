package dev.statefun.flink.cluster;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * Settings of Maven's resolver that differ from those of the user.
 *
 * @param offline whether to use only the local repository
 * @param localRepository the local repository
 * @param settingsXml the settings of the user
 */
record ResolverSettings(boolean offline, @Nullable Path localRepository, @Nullable Path settingsXml) {

	static final ResolverSettings DEFAULT = new ResolverSettings(false, null, null);

}
