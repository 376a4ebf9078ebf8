package dev.statefun.spring.manifest;

import org.jspecify.annotations.Nullable;

/**
 * What has changed between two releases, and what that means to states that exist
 * already.
 *
 * @param kind what has changed
 * @param function type of the function
 * @param state name of the state, or {@code null} if it is not about one
 * @param before what was declared
 * @param after what is declared now
 * @param consequence what a cluster makes of it, and what to do
 * @since 0.1.0
 */
public record StateChange(Kind kind, String function, @Nullable String state, String before, String after,
		String consequence) {

	/**
	 * Return whether deploying it would fail the job, or lose states that are still
	 * wanted.
	 * @return whether it is an error
	 */
	public boolean isBreaking() {
		return this.kind.breaking;
	}

	/**
	 * Return the change as one line.
	 * @return the text
	 */
	@Override
	public String toString() {
		return this.kind + " in function '" + this.function + "'"
				+ ((this.state != null) ? ", state '" + this.state + "'" : "") + ": was " + this.before + ", is "
				+ this.after + ". " + this.consequence + ".";
	}

	/**
	 * What has changed.
	 */
	public enum Kind {

		/** The type of a state. */
		TYPE_CHANGED(true),

		/** A state that did not expire does, or the other way round. */
		TTL_SWITCHED(true),

		/** A state is gone, and one of the same type is new in the same function. */
		RENAMED(true),

		/** The time to live of a state, or what renews it. */
		TTL_CHANGED(false),

		/** A state is gone. */
		REMOVED(false),

		/** A state is new. */
		ADDED(false),

		/** A function is gone. */
		FUNCTION_REMOVED(false),

		/** A function is new. */
		FUNCTION_ADDED(false),

		/** A function does not take messages of a type any more. */
		MESSAGE_REMOVED(false),

		/** A function takes messages of one more type. */
		MESSAGE_ADDED(false);

		private final boolean breaking;

		Kind(boolean breaking) {
			this.breaking = breaking;
		}

		/**
		 * Return whether nothing that exists is touched by it.
		 * @return whether it only adds something
		 */
		public boolean isAddition() {
			return this == ADDED || this == FUNCTION_ADDED || this == MESSAGE_ADDED;
		}

	}

}
