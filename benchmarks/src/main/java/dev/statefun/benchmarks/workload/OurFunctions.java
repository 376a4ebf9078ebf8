package dev.statefun.benchmarks.workload;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.json.JsonMessageCodecs;
import tools.jackson.databind.json.JsonMapper;

/**
 * The functions, written with this SDK.
 */
public final class OurFunctions {

	private static final EgressId OUT = EgressId.parse(Names.EGRESS);

	private OurFunctions() {
	}

	/**
	 * Create a registry with all functions.
	 * @return the registry
	 */
	public static StatefulFunctions registry() {
		return StatefulFunctions.builder()
			.codecs(new JsonMessageCodecs(JsonMapper.shared()))
			.register(Names.COUNTER, new Counter())
			.register(Names.PASS_THROUGH, new PassThrough())
			.register(Names.ORDERS, new Orders())
			.build();
	}

	/**
	 * Counts its messages, and sends the count.
	 */
	public static class Counter {

		@Handler
		public void count(int amount, @Persisted(Names.STATE) PersistedValue<Integer> count, Context context) {
			int sum = count.get().orElse(0) + amount;
			count.set(sum);
			context.sendEgress(OUT, sum);
			if (context.caller().isPresent()) {
				context.reply(sum);
			}
		}

	}

	/**
	 * Forwards its messages.
	 */
	public static class PassThrough {

		private static final FunctionType NEXT = FunctionType.parse(Names.NEXT);

		@Handler
		public void pass(Any message, Context context) {
			context.send(Address.of(NEXT, context.self().id()), message);
		}

	}

	/**
	 * Adds up orders, and sends the total.
	 */
	public static class Orders {

		@Handler
		public void add(Order order, @Persisted(Names.STATE) PersistedValue<Total> total, Context context) {
			Total sum = total.get().orElse(Total.NOTHING).plus(order);
			total.set(sum);
			context.sendEgress(OUT, sum);
			if (context.caller().isPresent()) {
				context.reply(sum);
			}
		}

	}

}
