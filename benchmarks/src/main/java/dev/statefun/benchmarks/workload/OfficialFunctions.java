package dev.statefun.benchmarks.workload;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.apache.flink.statefun.sdk.java.Address;
import org.apache.flink.statefun.sdk.java.Context;
import org.apache.flink.statefun.sdk.java.StatefulFunction;
import org.apache.flink.statefun.sdk.java.StatefulFunctionSpec;
import org.apache.flink.statefun.sdk.java.StatefulFunctions;
import org.apache.flink.statefun.sdk.java.TypeName;
import org.apache.flink.statefun.sdk.java.ValueSpec;
import org.apache.flink.statefun.sdk.java.handler.RequestReplyHandler;
import org.apache.flink.statefun.sdk.java.message.EgressMessageBuilder;
import org.apache.flink.statefun.sdk.java.message.Message;
import org.apache.flink.statefun.sdk.java.message.MessageBuilder;
import org.apache.flink.statefun.sdk.java.types.SimpleType;
import org.apache.flink.statefun.sdk.java.types.Type;
import tools.jackson.databind.json.JsonMapper;

/**
 * The functions, written with the official Java SDK.
 */
public final class OfficialFunctions {

	private static final TypeName OUT = TypeName.typeNameFromString(Names.EGRESS);

	private OfficialFunctions() {
	}

	/**
	 * Create a handler for all functions.
	 * @return the handler
	 */
	public static RequestReplyHandler handler() {
		return new StatefulFunctions()
			.withStatefulFunction(StatefulFunctionSpec.builder(TypeName.typeNameFromString(Names.COUNTER))
				.withValueSpec(Counter.COUNT)
				.withSupplier(Counter::new)
				.build())
			.withStatefulFunction(StatefulFunctionSpec.builder(TypeName.typeNameFromString(Names.PASS_THROUGH))
				.withSupplier(PassThrough::new)
				.build())
			.withStatefulFunction(StatefulFunctionSpec.builder(TypeName.typeNameFromString(Names.ORDERS))
				.withValueSpec(Orders.TOTAL)
				.withSupplier(Orders::new)
				.build())
			.requestReplyHandler();
	}

	/**
	 * Counts its messages, and sends the count.
	 */
	static final class Counter implements StatefulFunction {

		private static final ValueSpec<Integer> COUNT = ValueSpec.named(Names.STATE).withIntType();

		@Override
		public CompletableFuture<Void> apply(Context context, Message message) {
			int sum = context.storage().get(COUNT).orElse(0) + message.asInt();
			context.storage().set(COUNT, sum);
			context.send(EgressMessageBuilder.forEgress(OUT).withValue(sum).build());
			Optional<Address> caller = context.caller();
			if (caller.isPresent()) {
				context.send(MessageBuilder.forAddress(caller.get()).withValue(sum).build());
			}
			return context.done();
		}

	}

	/**
	 * Forwards its messages.
	 */
	static final class PassThrough implements StatefulFunction {

		private static final TypeName NEXT = TypeName.typeNameFromString(Names.NEXT);

		@Override
		public CompletableFuture<Void> apply(Context context, Message message) {
			context.send(MessageBuilder.fromMessage(message).withTargetAddress(NEXT, context.self().id()).build());
			return context.done();
		}

	}

	/**
	 * Adds up orders, and sends the total.
	 */
	static final class Orders implements StatefulFunction {

		private static final Type<Order> ORDER = json(Order.TYPENAME, Order.class);

		private static final Type<Total> TYPE = json(Total.TYPENAME, Total.class);

		private static final ValueSpec<Total> TOTAL = ValueSpec.named(Names.STATE).withCustomType(TYPE);

		@Override
		public CompletableFuture<Void> apply(Context context, Message message) {
			Total sum = context.storage().get(TOTAL).orElse(Total.NOTHING).plus(message.as(ORDER));
			context.storage().set(TOTAL, sum);
			context.send(EgressMessageBuilder.forEgress(OUT).withCustomType(TYPE, sum).build());
			Optional<Address> caller = context.caller();
			if (caller.isPresent()) {
				context.send(MessageBuilder.forAddress(caller.get()).withCustomType(TYPE, sum).build());
			}
			return context.done();
		}

		// The same mapper as on the other side: the comparison is not about Jackson
		private static <T> Type<T> json(String typename, Class<T> type) {
			JsonMapper mapper = JsonMapper.shared();
			var writer = mapper.writerFor(type);
			var reader = mapper.readerFor(type);
			return SimpleType.simpleImmutableTypeFrom(TypeName.typeNameFromString(typename), writer::writeValueAsBytes,
					reader::readValue);
		}

	}

}
