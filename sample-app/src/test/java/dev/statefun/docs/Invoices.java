package dev.statefun.docs;

import java.time.Duration;
import java.util.Optional;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Header;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.spring.StatefulFunction;

@StatefulFunction("billing/invoices")
class Invoices {

	@Handler
	void issue(Issue issue, @Header("tenant") String tenant, @Header("locale") Optional<String> locale,
			Context context) {
		// 'tenant' goes on by itself, as statefun.headers.propagate=tenant
		context.send("billing/ledger", tenant, new Entry(issue.amount()));
		context.withHeaders(Headers.of("locale", locale.orElse("en")))
			.sendAfter(Duration.ofDays(14), context.self(), new Overdue());
	}

	@Handler
	void remind(Overdue overdue, Context context) {
		// The same message, with all its headers
		context.forward("billing/reminders", context.self().id());
	}

	@MessageType("billing/Issue")
	record Issue(long amount) {

	}

	@MessageType("billing/Overdue")
	record Overdue() {

	}

	@MessageType("billing/Entry")
	record Entry(long amount) {

	}

}
