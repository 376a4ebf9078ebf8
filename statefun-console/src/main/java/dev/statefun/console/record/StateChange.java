package dev.statefun.console.record;

import com.google.protobuf.Any;
import org.jspecify.annotations.Nullable;

/**
 * A change of a state.
 *
 * @param name name of the state
 * @param before its value before, if it had one
 * @param after its value after, if it has one
 * @since 0.1.0
 */
public record StateChange(String name, @Nullable Any before, @Nullable Any after) {

	int size() {
		return sizeOf(this.before) + sizeOf(this.after) + 60;
	}

	private static int sizeOf(@Nullable Any value) {
		return (value != null) ? value.getSerializedSize() : 0;
	}

}
