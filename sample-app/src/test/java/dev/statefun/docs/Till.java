package dev.statefun.docs;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.egress.Egress;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.spring.EgressName;
import dev.statefun.spring.StatefulFunction;

/**
 * A function that sends values to a typed egress.
 */
@StatefulFunction("shop/till")
class Till {

	private final Egress<Sale> sales;

	Till(@EgressName("sales") Egress<Sale> sales) {
		this.sales = sales;
	}

	@Handler
	void sell(Sale sale, Context context) {
		context.sendEgress(this.sales, context.self().id(), sale);
	}

	@MessageType("shop/Sale")
	record Sale(String item, long cents) {

	}

}
