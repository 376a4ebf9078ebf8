package dev.statefun.spring.boot.autoconfigure.internal;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.env.Environment;

/**
 * Internal: may change in any release. Detects whether settings can differ from their
 * defaults. Binding them takes longer than that, and defaults need no check at start-up.
 */
public final class SettingsPresence {

	private SettingsPresence() {
	}

	/**
	 * Return whether there may be a property below a prefix.
	 * @param environment has the properties
	 * @param prefix the prefix
	 * @return {@code false} if there certainly is none
	 */
	public static boolean isPossible(Environment environment, String prefix) {
		ConfigurationPropertyName name = ConfigurationPropertyName.of(prefix);
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source.containsDescendantOf(name) != ConfigurationPropertyState.ABSENT) {
				return true;
			}
		}
		return false;
	}

}
