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

	/**
	 * System property with the settings of the user, where {@code mvn -s} names others.
	 */
	private static final String SETTINGS_XML = "statefun.flink-cluster.maven-settings";

	static ResolverSettings ofSystem() {
		String settingsXml = System.getProperty(SETTINGS_XML);
		return new ResolverSettings(false, null, (settingsXml != null) ? Path.of(settingsXml) : null);
	}

}
