package dev.statefun.sdk;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Address of an instance of a {@link Target}. Not an {@link Address}, so that only
 * messages of the target's type can be sent to it. Immutable.
 *
 * @param <M> type of the messages
 * @since 0.1.0
 */
public final class TargetAddress<M> {

	private final Target<M> target;

	private final Address address;

	TargetAddress(Target<M> target, Address address) {
		this.target = target;
		this.address = address;
	}

	/**
	 * Return the target.
	 * @return the target
	 */
	public Target<M> target() {
		return this.target;
	}

	/**
	 * Return the address without the type of its messages. Messages that are sent to that
	 * are not checked.
	 * @return the address
	 */
	public Address address() {
		return this.address;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || other instanceof TargetAddress<?> that && this.target.equals(that.target)
				&& this.address.equals(that.address);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.target, this.address);
	}

	@Override
	public String toString() {
		return this.address.toString();
	}

}
