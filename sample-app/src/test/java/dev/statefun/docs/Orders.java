package dev.statefun.docs;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.spring.StatefulFunction;

@StatefulFunction("shop/orders")
class Orders {

	@Handler
	void on(OrderEvent event, Context context) {
		if (event instanceof Placed placed) {
			context.send("shop/stock", placed.item(), event);
		}
	}

	sealed interface OrderEvent permits Placed, Cancelled {

	}

	@MessageType("shop/Placed")
	record Placed(String item) implements OrderEvent {

	}

	@MessageType("shop/Cancelled")
	record Cancelled(String reason) implements OrderEvent {

	}

}
