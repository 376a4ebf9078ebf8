package dev.statefun.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.statefun.manifest.StateChange;
import dev.statefun.manifest.StateManifest;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on the states that an application declares, compared with those of an
 * earlier release. Reading a file needs Jackson.
 *
 * <pre class="code">
 * assertThat(StateManifest.of(functions)).isCompatibleWith(Path.of("states-1.4.json"));
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
	 * @param actual manifest of the current declarations
	 * @return the assertions
	 */
	public static StateManifestAssert assertThat(@Nullable StateManifest actual) {
		return new StateManifestAssert(actual);
	}

	/**
	 * Accept changes of some kinds as compatible.
	 * @param kinds the kinds
	 * @return this
	 */
	public StateManifestAssert allowing(StateChange.Kind... kinds) {
		this.allowed.addAll(List.of(kinds));
		return this;
	}

	/**
	 * Verify that no change since an earlier release fails a job, or loses the value of a
	 * state that still exists under another name, and that all states and messages of the
	 * earlier release can be read.
	 * @param earlier manifest of the earlier release
	 * @return this
	 * @throws AssertionError if a change is incompatible
	 */
	public StateManifestAssert isCompatibleWith(StateManifest earlier) {
		return hasNone(earlier, StateChange::isBreaking, "Expecting compatible states and messages, but found:");
	}

	/**
	 * Verify that no change since an earlier release fails a job, or loses the value of a
	 * state that still exists under another name, and that all states and messages of the
	 * earlier release can be read.
	 * @param earlier file that the earlier release has written
	 * @return this
	 * @throws AssertionError if a change is incompatible
	 * @throws IllegalArgumentException if the file is not a manifest
	 * @throws UncheckedIOException if it can't be read
	 */
	public StateManifestAssert isCompatibleWith(Path earlier) {
		return isCompatibleWith(read(earlier));
	}

	/**
	 * Verify that an earlier release can read all states and messages that are written
	 * now, so that a rollback to it is possible and both may run at the same time.
	 * @param earlier manifest of the earlier release
	 * @return this
	 * @throws AssertionError if it can't
	 */
	public StateManifestAssert isReadableBy(StateManifest earlier) {
		return hasNone(earlier, StateChange::isBreakingBack,
				"Expecting states and messages that the earlier release can read, but found:");
	}

	/**
	 * Verify that an earlier release can read all states and messages that are written
	 * now, so that a rollback to it is possible and both may run at the same time.
	 * @param earlier file that the earlier release has written
	 * @return this
	 * @throws AssertionError if it can't
	 * @throws IllegalArgumentException if the file is not a manifest
	 * @throws UncheckedIOException if it can't be read
	 */
	public StateManifestAssert isReadableBy(Path earlier) {
		return isReadableBy(read(earlier));
	}

	private StateManifestAssert hasNone(StateManifest earlier, Predicate<StateChange> unwanted, String expectation) {
		isNotNull();
		List<StateChange> found = this.actual.changesSince(earlier)
			.stream()
			.filter((change) -> unwanted.test(change) && !this.allowed.contains(change.kind()))
			.toList();
		if (!found.isEmpty()) {
			throw failure("%s", expectation + "\n"
					+ found.stream().map((change) -> "  " + change).collect(Collectors.joining("\n")));
		}
		return this;
	}

	/**
	 * Return all changes since an earlier release.
	 * @param earlier manifest of the earlier release
	 * @return assertions on the changes
	 */
	public ListAssert<StateChange> changesSince(StateManifest earlier) {
		isNotNull();
		return Assertions.assertThat(this.actual.changesSince(earlier)).as("changes");
	}

	private static StateManifest read(Path file) {
		try {
			return StateManifest.parse(Files.readString(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Failed to read '" + file + "'", ex);
		}
	}

}
