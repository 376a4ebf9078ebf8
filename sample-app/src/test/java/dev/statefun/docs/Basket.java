package dev.statefun.docs;

import dev.statefun.docs.Orders.OrderEvent;
import dev.statefun.docs.Orders.Placed;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Target;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.spring.StatefulFunction;

/**
 * A function that sends messages to a typed target.
 */
@StatefulFunction("shop/basket")
class Basket {

	private static final Target<OrderEvent> ORDERS = Target.of("shop/orders", OrderEvent.class);

	@Handler
	void order(Order order, Context context) {
		context.send(ORDERS.id(order.number()), new Placed(order.item()));
	}

	@MessageType("shop/Order")
	record Order(String number, String item) {

	}

}
