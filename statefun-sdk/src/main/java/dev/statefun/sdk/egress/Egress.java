package dev.statefun.sdk.egress;

import java.lang.invoke.MethodType;
import java.lang.reflect.Type;
import java.util.Objects;

import dev.statefun.sdk.message.GenericType;
import org.jspecify.annotations.Nullable;

/**
 * A named egress with the type of the values that are sent to it, so that a wrong value
 * does not compile. Its {@link EgressDestination}, such as a topic, is given elsewhere:
 *
 * <pre class="code">
 * static final Egress&lt;Order&gt; ORDERS = Egress.of("orders", Order.class);
 *
 * StatefulFunctions.builder().egress("orders", KafkaEgress.of("shop/orders", "orders"));
 *
 * context.sendEgress(ORDERS, order);
 * </pre>
 * <p>
 * The value of a record has the bytes that the codec of the value's class writes, without
 * an envelope: JSON, or the bytes of a protobuf message. A {@code String} is written as
 * plain text in UTF-8. The other primitives have StateFun's own encoding, as in
 * {@link EgressRecordBuilder#primitiveValue}.
 * <p>
 * Immutable.
 *
 * @param <T> type of the values
 * @since 0.1.0
 */
public final class Egress<T> {

	private final String name;

	private final Type type;

	private final int hash;

	private Egress(String name, Type type) {
		this.name = Objects.requireNonNull(name, "'name' must not be null");
		this.type = type;
		this.hash = 31 * name.hashCode() + type.hashCode();
	}

	/**
	 * Create an egress.
	 * @param <T> type of the values
	 * @param name name that its destination is registered with
	 * @param type type of the values: one that has a mapping, or a sealed type whose
	 * permitted types have; a primitive class is treated as its wrapper
	 * @return the egress
	 */
	public static <T> Egress<T> of(String name, Class<T> type) {
		Objects.requireNonNull(type, "'type' must not be null");
		return new Egress<>(name, MethodType.methodType(type).wrap().returnType());
	}

	/**
	 * Create an egress whose values have type arguments.
	 * @param <T> type of the values
	 * @param name name that its destination is registered with
	 * @param type type of the values
	 * @return the egress
	 */
	public static <T> Egress<T> of(String name, GenericType<T> type) {
		return new Egress<>(name, Objects.requireNonNull(type, "'type' must not be null").type());
	}

	/**
	 * Create an egress from a type that reflection has found.
	 * @param name name that its destination is registered with
	 * @param type type of the values: a class, or a class with its type arguments
	 * @return the egress
	 */
	public static Egress<?> ofType(String name, Type type) {
		return new Egress<>(name, Objects.requireNonNull(type, "'type' must not be null"));
	}

	/**
	 * Return the name of the egress.
	 * @return the name that its destination is registered with
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Return the type of the values.
	 * @return a class, or a class with its type arguments
	 */
	public Type type() {
		return this.type;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other
				|| other instanceof Egress<?> that && this.name.equals(that.name) && this.type.equals(that.type);
	}

	@Override
	public int hashCode() {
		return this.hash;
	}

	@Override
	public String toString() {
		return "'" + this.name + "' of '" + this.type.getTypeName() + "'";
	}

}
