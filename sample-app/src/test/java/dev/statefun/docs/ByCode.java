package dev.statefun.docs;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;

import com.google.protobuf.Any;
import dev.statefun.sample.messages.Count;
import dev.statefun.sample.messages.User;
import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.egress.KafkaEgress;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.StatefulFunctionsCustomizer;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ByCode {

	@Bean
	StatefulFunctionsCustomizer visits() {
		FunctionSpec spec = FunctionSpec.of("example/visits")
			.state("count", Count.class)
			.state("last", Any.class, Expiration.afterWrite(Duration.ofDays(7)));
		return (functions) -> functions.register(spec, (context, message) -> {
			PersistedValue<Count> count = context.state("count", Count.class);
			int seen = count.get().map(Count::getValue).orElse(0) + 1;
			count.set(Count.newBuilder().setValue(seen).build());
			context.state("last").set(message);
		});
	}

	@Bean
	@StatefulFunction("example/forwarder")
	FunctionHandler forwarder() {
		return (context, message) -> context.send("example/visits", context.self().id(), message);
	}

	@Bean
	StatefulFunctionsCustomizer ratings() {
		FunctionSpec spec = FunctionSpec.of("shop/ratings").states(Ratings.class);
		return (functions) -> functions.register(spec, (context, message) -> {
			Ratings ratings = context.states(Ratings.class);
			ratings.count().set(ratings.count().get().orElse(0) + 1);
			ratings.last().set(message);
		});
	}

	@Bean
	StatefulFunctionsCustomizer sales() {
		return (functions) -> functions.egress("sales", KafkaEgress.of("shop/sales", "sales"));
	}

	@Bean
	StatefulFunctionsCustomizer typeOfUsers() {
		return (functions) -> functions.protobuf(User.class, "shop/User", "crm/Person");
	}

	@Bean
	MessageCodec<LocalDate> dates() {
		return MessageCodec.of(LocalDate.class, "shop/Date", (date) -> date.toString().getBytes(StandardCharsets.UTF_8),
				(bytes) -> LocalDate.parse(new String(bytes, StandardCharsets.UTF_8)));
	}

	record Ratings(PersistedValue<Integer> count, @Persisted(expireAfterWrite = "7d") PersistedValue<Any> last) {

	}

}
