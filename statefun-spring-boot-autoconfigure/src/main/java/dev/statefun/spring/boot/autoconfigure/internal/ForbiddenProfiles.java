package dev.statefun.spring.boot.autoconfigure.internal;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

/**
 * Internal: may change in any release. Profiles in which what is made for development is
 * forbidden.
 */
public final class ForbiddenProfiles {

	/** The profiles, unless a property says otherwise. */
	public static final List<String> DEFAULT = List.of("prod", "production");

	private static final Bindable<Map<String, List<String>>> GROUPS = Bindable
		.of(ResolvableType.forClassWithGenerics(Map.class, ResolvableType.forClass(String.class),
				ResolvableType.forClassWithGenerics(List.class, String.class)));

	private ForbiddenProfiles() {
	}

	/**
	 * Return a configured profile that is active.
	 * @param environment has the configuration and the active profiles
	 * @return one of the profiles, or {@code null} if none is active
	 */
	public static @Nullable String activeIn(Environment environment) {
		return activeOf(Binder.get(environment)
			.bind("statefun.local-runtime.forbidden-profiles", Bindable.listOf(String.class))
			.orElse(DEFAULT), environment);
	}

	/**
	 * Return a profile that is active. {@code PROD} counts as {@code prod}, and all
	 * members of a group as the group.
	 * @param forbidden the profiles
	 * @param environment has the active profiles
	 * @return one of the profiles, or {@code null} if none is active
	 */
	public static @Nullable String activeOf(List<String> forbidden, Environment environment) {
		for (String profile : forbidden) {
			if (environment.acceptsProfiles(Profiles.of(profile))) {
				return profile;
			}
		}
		List<String> active = List.of(environment.getActiveProfiles());
		for (String profile : active) {
			if (forbidden.stream().anyMatch(profile::equalsIgnoreCase)) {
				return profile;
			}
		}
		Map<String, List<String>> groups = Binder.get(environment)
			.bind("spring.profiles.group", GROUPS)
			.orElse(Map.of());
		for (Map.Entry<String, List<String>> group : groups.entrySet()) {
			if (!group.getValue().isEmpty() && active.containsAll(group.getValue())
					&& forbidden.stream().anyMatch(group.getKey()::equalsIgnoreCase)) {
				return group.getKey();
			}
		}
		return null;
	}

}
