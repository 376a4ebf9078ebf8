package dev.statefun.docs;

import java.time.Instant;

import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.sdk.failure.DeadLetter;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.failure.FailureKind;
import dev.statefun.sdk.failure.FailurePolicy;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class OrderFailures {

	@Bean
	FailurePolicy failurePolicy() {
		EgressId egress = EgressId.parse("ops/dead-letters");
		return (failed) -> {
			if (failed.kind() == FailureKind.HANDLER || failed.kind() == FailureKind.UNREADABLE_STATE) {
				return FailureAction.retry();
			}
			byte[] letter = DeadLetter.of(failed, Instant.now()).toJson();
			return FailureAction.deadLetter(egress,
					KafkaRecord.forTopic("dead-letters").key(failed.self().id()).value(letter).build());
		};
	}

}
