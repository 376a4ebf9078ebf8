package dev.statefun.spring.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.statefun.spring.manifest.StateChange;
import dev.statefun.spring.manifest.StateManifest;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;

/**
 * Assertions on the states that an application declares, compared with those of an
 * earlier release. Reading a file needs Jackson.
 *
 * <pre class="code">
 * assertThat(StateManifest.of(functions)).isCompatibleWith(new ClassPathResource("states-1.4.json"));
 * </pre>
 *
 * @since 0.1.0
 */
public final class StateManifestAssert extends AbstractAssert<StateManifestAssert, StateManifest> {

	private final Set<StateChange.Kind> allowed = EnumSet.noneOf(StateChange.Kind.class);

	private StateManifestAssert(@Nullable StateManifest actual) {
		super(actual, StateManifestAssert.class);
	}

	/**
	 * Start assertions on a manifest.
	 * @param actual the manifest of what is declared now
	 * @return the assertions
	 */
	public static StateManifestAssert assertThat(@Nullable StateManifest actual) {
		return new StateManifestAssert(actual);
	}

	/**
	 * Let changes of some kinds count as compatible.
	 * @param kinds the kinds
	 * @return this
	 */
	public StateManifestAssert allowing(StateChange.Kind... kinds) {
		this.allowed.addAll(List.of(kinds));
		return this;
	}

	/**
	 * Verify that no change since an earlier release fails a job, or loses the value of a
	 * state that is still there under another name.
	 * @param earlier what the earlier release has declared
	 * @return this
	 * @throws AssertionError if one does
	 */
	public StateManifestAssert isCompatibleWith(StateManifest earlier) {
		isNotNull();
		List<StateChange> breaking = this.actual.changesSince(earlier)
			.stream()
			.filter((change) -> change.isBreaking() && !this.allowed.contains(change.kind()))
			.toList();
		if (!breaking.isEmpty()) {
			throw failure("%s", "Expecting states that a cluster can go on with, but found:\n"
					+ breaking.stream().map((change) -> "  " + change).collect(Collectors.joining("\n")));
		}
		return this;
	}

	/**
	 * Verify that no change since an earlier release fails a job, or loses the value of a
	 * state that is still there under another name.
	 * @param earlier the file that the earlier release has written
	 * @return this
	 * @throws AssertionError if one does
	 * @throws IllegalArgumentException if the file is no manifest
	 * @throws UncheckedIOException if it can't be read
	 */
	public StateManifestAssert isCompatibleWith(Resource earlier) {
		return isCompatibleWith(read(earlier));
	}

	/**
	 * Return all changes since an earlier release.
	 * @param earlier what the earlier release has declared
	 * @return assertions on the changes
	 */
	public ListAssert<StateChange> changesSince(StateManifest earlier) {
		isNotNull();
		return Assertions.assertThat(this.actual.changesSince(earlier)).as("changes");
	}

	private static StateManifest read(Resource resource) {
		try {
			return StateManifest.parse(resource.getContentAsString(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Failed to read " + resource, ex);
		}
	}

}
