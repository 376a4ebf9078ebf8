package dev.statefun.spring.manifest;

import org.jspecify.annotations.Nullable;

/**
 * What has changed between two releases, and what that means to states that exist
 * already.
 *
 * @param kind what has changed
 * @param function type of the function
 * @param state name of the state, or {@code null} if it is not about one
 * @param message type of the message, or {@code null} if it is not about one
 * @param path where inside the state or message, such as {@code items[].price}; empty for
 * the whole
 * @param before what was declared
 * @param after what is declared now
 * @param forward whether the new release reads what the old one has written, or
 * {@code null} if it is not about the inside, or can't be told
 * @param back whether the old release reads what the new one has written: after a
 * rollback, and while both are running; {@code null} as for {@code forward}
 * @param consequence what a cluster makes of it, and what to do
 * @since 0.1.0
 */
public record StateChange(Kind kind, String function, @Nullable String state, @Nullable String message, String path,
		String before, String after, @Nullable Verdict forward, @Nullable Verdict back, String consequence) {

	/**
	 * Create a change that is not about the inside of a type.
	 * @param kind what has changed
	 * @param function type of the function
	 * @param state name of the state, or {@code null} if it is not about one
	 * @param before what was declared
	 * @param after what is declared now
	 * @param consequence what a cluster makes of it, and what to do
	 */
	public StateChange(Kind kind, String function, @Nullable String state, String before, String after,
			String consequence) {
		this(kind, function, state, null, "", before, after, null, null, consequence);
	}

	/**
	 * Return whether deploying it would fail the job, or lose states that are still
	 * wanted: also if states, or messages that are still on their way, can't be read any
	 * more.
	 * @return whether it is an error
	 */
	public boolean isBreaking() {
		return this.kind.breaking || this.forward == Verdict.UNREADABLE;
	}

	/**
	 * Return whether a rollback, or an instance of the old release that still runs, would
	 * fail at what the new release has written.
	 * @return whether the old release can't read it
	 */
	public boolean isBreakingBack() {
		return this.back == Verdict.UNREADABLE;
	}

	/**
	 * Return whether nothing that exists is touched: something is only added, or either
	 * release reads all of the other's.
	 * @return whether there is nothing to consider
	 */
	public boolean isHarmless() {
		return this.kind.isAddition() || this.kind == Kind.NOT_RECORDED
				|| (this.forward == Verdict.READABLE && this.back == Verdict.READABLE);
	}

	/**
	 * Return the change as one line.
	 * @return the text
	 */
	@Override
	public String toString() {
		return this.kind + " in function '" + this.function + "'"
				+ ((this.state != null) ? ", state '" + this.state + "'" : "")
				+ ((this.message != null) ? ", message '" + this.message + "'" : "")
				+ (this.path.isEmpty() ? "" : ", at '" + this.path + "'") + ": was " + this.before + ", is "
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
		MESSAGE_ADDED(false),

		/** A property of an object, or a field of a protobuf message, is new. */
		FIELD_ADDED(false),

		/** A property or field is gone. */
		FIELD_REMOVED(false),

		/** A property has an alias for its former name; a field keeps its number. */
		FIELD_RENAMED(false),

		/** A property, a field, an element or the whole value is of another type. */
		FIELD_RETYPED(false),

		/** A property or enum is written or read in another way. */
		READING_CHANGED(false),

		/** An enum has one more constant. */
		CONSTANT_ADDED(false),

		/** An enum has lost a constant. */
		CONSTANT_REMOVED(false),

		/** A type has one more subtype. */
		SUBTYPE_ADDED(false),

		/** A type has lost a subtype. */
		SUBTYPE_REMOVED(false),

		/** Nothing is known of how one of the two is read or written. */
		OPAQUE(false),

		/** The earlier manifest says nothing about the inside. */
		NOT_RECORDED(false);

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
