package dev.statefun.module.settings;

import org.jspecify.annotations.Nullable;

/**
 * AWS credentials: an access key or a profile. Without either, the cluster's machine
 * determines them.
 *
 * @param accessKeyId id of an access key
 * @param secretAccessKey secret access key, which is then written to module.yaml
 * @param profileName name of a profile
 * @param profilePath location of the profile, if it is not the default one
 * @since 0.1.0
 */
public record Credentials(@Nullable String accessKeyId, @Nullable String secretAccessKey, @Nullable String profileName,
		@Nullable String profilePath) {

	/**
	 * Create credentials.
	 * @param accessKeyId id of an access key
	 * @param secretAccessKey secret access key
	 * @param profileName name of a profile
	 * @param profilePath location of the profile
	 * @throws IllegalArgumentException if only a part of a key or profile is set, or both
	 * are
	 */
	public Credentials {
		Checks.isTrue((accessKeyId == null) == (secretAccessKey == null),
				() -> "'access-key-id' and 'secret-access-key' belong together; only one is set");
		Checks.isTrue(accessKeyId == null || profileName == null,
				() -> "Credentials for AWS are either an access key or a profile; both are set");
		Checks.isTrue(profilePath == null || profileName != null, () -> "A 'profile-path' needs a 'profile-name'");
	}

	@Override
	public String toString() {
		return "Credentials[" + ((this.accessKeyId != null) ? "******" : this.profileName) + "]";
	}

}
