package dev.statefun.manifest;

import org.jspecify.annotations.Nullable;

/**
 * Change between two releases, with its consequence for existing states.
 *
 * @param kind kind of change
 * @param function type of the function
 * @param state name of the state, or {@code null} if it is not about one
 * @param message type of the message, or {@code null} if it is not about one
 * @param path path inside the state or message, such as {@code items[].price}; empty for
 * the whole
 * @param before former declaration
 * @param after current declaration
 * @param forward whether the new release reads what the old one has written, or
 * {@code null} if the change is not inside a type, or this is not known
 * @param back whether the old release reads what the new one has written: after a
 * rollback, and while both are running; {@code null} as for {@code forward}
 * @param consequence consequence in a cluster, and what to do
 * @since 0.1.0
 */
public record StateChange(Kind kind, String function, @Nullable String state, @Nullable String message, String path,
		String before, String after, @Nullable Verdict forward, @Nullable Verdict back, String consequence) {

	/**
	 * Create a change that is not about the inside of a type.
	 * @param kind kind of change
	 * @param function type of the function
	 * @param state name of the state, or {@code null} if it is not about one
	 * @param before former declaration
	 * @param after current declaration
	 * @param consequence consequence in a cluster, and what to do
	 */
	public StateChange(Kind kind, String function, @Nullable String state, String before, String after,
			String consequence) {
		this(kind, function, state, null, "", before, after, null, null, consequence);
	}

	/**
	 * Return whether deploying the change would fail the job, or lose states that are
	 * still needed, including states and messages in transit that can't be read any more.
	 * @return whether it is an error
	 */
	public boolean isBreaking() {
		return this.kind.breaking || this.forward == Verdict.UNREADABLE;
	}

	/**
	 * Return whether a rollback, or an instance of the old release that still runs, would
	 * fail to read what the new release has written.
	 * @return whether the old release can't read it
	 */
	public boolean isBreakingBack() {
		return this.back == Verdict.UNREADABLE;
	}

	/**
	 * Return whether nothing existing is affected: something is only added, or either
	 * release reads everything that the other writes.
	 * @return whether the change needs no attention
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
	 * Kind of change.
	 */
	public enum Kind {

		/** The type of a state has changed. */
		TYPE_CHANGED(true),

		/** Expiration of a state was turned on or off. */
		TTL_SWITCHED(true),

		/** A state is gone, and one of the same type is new in the same function. */
		RENAMED(true),

		/** The time to live of a state has changed, or what renews it. */
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

		/** A property or enum is written or read differently. */
		READING_CHANGED(false),

		/** An enum has one more constant. */
		CONSTANT_ADDED(false),

		/** An enum has lost a constant. */
		CONSTANT_REMOVED(false),

		/** A type has one more subtype. */
		SUBTYPE_ADDED(false),

		/** A type has lost a subtype. */
		SUBTYPE_REMOVED(false),

		/** It is not known how one of the two is read or written. */
		OPAQUE(false),

		/** The earlier manifest does not describe the inside. */
		NOT_RECORDED(false);

		private final boolean breaking;

		Kind(boolean breaking) {
			this.breaking = breaking;
		}

		/**
		 * Return whether the change affects nothing that exists.
		 * @return whether it only adds something
		 */
		public boolean isAddition() {
			return this == ADDED || this == FUNCTION_ADDED || this == MESSAGE_ADDED;
		}

	}

}
