package dev.statefun.sdk;

import java.lang.invoke.MethodType;
import java.lang.reflect.Type;
import java.util.Objects;

import dev.statefun.sdk.message.GenericType;
import org.jspecify.annotations.Nullable;

/**
 * A function type with the type of the messages that are sent to it, so that a wrong
 * message does not compile:
 *
 * <pre class="code">
 * static final Target&lt;CartMessage&gt; CART = Target.of("shop/cart", CartMessage.class);
 *
 * context.send(CART.id("joe"), new AddItem("sku-1"));
 * </pre>
 * <p>
 * A function of the same registry must take the messages: all permitted types of a sealed
 * type that has no name of its own, or else the type itself. For static fields of
 * function classes, and for beans, this is checked at start-up, for all other targets
 * when a message is first sent. Nothing checks the targets of functions that another
 * service implements.
 * <p>
 * Immutable.
 *
 * @param <M> type of the messages
 * @since 0.1.0
 */
public final class Target<M> {

	private final FunctionType type;

	private final Type messageType;

	private final int hash;

	private Target(FunctionType type, Type messageType) {
		this.type = Objects.requireNonNull(type, "'type' must not be null");
		this.messageType = messageType;
		this.hash = 31 * type.hashCode() + messageType.hashCode();
	}

	/**
	 * Create a target.
	 * @param <M> type of the messages
	 * @param typename type of the function, in the form {@code <namespace>/<name>}
	 * @param messageType type of the messages: a message type, or a sealed type whose
	 * permitted types are message types
	 * @return the target
	 * @throws IllegalArgumentException if the name has another form
	 */
	public static <M> Target<M> of(String typename, Class<M> messageType) {
		return of(FunctionType.parse(typename), messageType);
	}

	/**
	 * Create a target.
	 * @param <M> type of the messages
	 * @param type type of the function
	 * @param messageType type of the messages: a message type, or a sealed type whose
	 * permitted types are message types; a primitive class is treated as its wrapper
	 * @return the target
	 */
	public static <M> Target<M> of(FunctionType type, Class<M> messageType) {
		Objects.requireNonNull(messageType, "'messageType' must not be null");
		return new Target<>(type, MethodType.methodType(messageType).wrap().returnType());
	}

	/**
	 * Create a target whose messages have type arguments.
	 * @param <M> type of the messages
	 * @param typename type of the function, in the form {@code <namespace>/<name>}
	 * @param messageType type of the messages
	 * @return the target
	 * @throws IllegalArgumentException if the name has another form
	 */
	public static <M> Target<M> of(String typename, GenericType<M> messageType) {
		Objects.requireNonNull(messageType, "'messageType' must not be null");
		return new Target<>(FunctionType.parse(typename), messageType.type());
	}

	/**
	 * Return the address of an instance of the function.
	 * @param id id of the instance; must not be empty when a message is sent
	 * @return the address, which takes messages of this target's type only
	 */
	public TargetAddress<M> id(String id) {
		return new TargetAddress<>(this, Address.of(this.type, id));
	}

	/**
	 * Return the type of the function.
	 * @return the type
	 */
	public FunctionType type() {
		return this.type;
	}

	/**
	 * Return the type of the messages.
	 * @return a class, or a class with its type arguments
	 */
	public Type messageType() {
		return this.messageType;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || other instanceof Target<?> that && this.type.equals(that.type)
				&& this.messageType.equals(that.messageType);
	}

	@Override
	public int hashCode() {
		return this.hash;
	}

	@Override
	public String toString() {
		return this.type + " of '" + this.messageType.getTypeName() + "'";
	}

}
