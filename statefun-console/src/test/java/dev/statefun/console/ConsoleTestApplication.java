package dev.statefun.console;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.StatefulFunctionsCustomizer;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.User;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/**
 * The application of the tests, with a chain that permits all.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({ ConsoleTestApplication.Door.class, ConsoleTestApplication.Counter.class, ConsoleTestApplication.Chain.class,
		ConsoleTestApplication.Reminder.class, ConsoleTestApplication.End.class, ConsoleTestApplication.Fragile.class,
		ConsoleTestApplication.Lenient.class, ConsoleTestApplication.Buried.class, ConsoleTestApplication.Slow.class,
		ConsoleTestApplication.Notes.class, ConsoleTestApplication.Cart.class })
class ConsoleTestApplication {

	/** Messages of the slow function wait for these, by id of the instance. */
	static final Map<String, CountDownLatch> GATES = new ConcurrentHashMap<>();

	/** Instances of the fragile function that work again. */
	static final Map<String, Boolean> MENDED = new ConcurrentHashMap<>();

	@Bean
	SecurityFilterChain permitAll(HttpSecurity http) throws Exception {
		return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
	}

	@Bean
	StatefulFunctionsCustomizer anyMessage() {
		return (functions) -> functions.register(FunctionSpec.of("test/any"), (context, message) -> {
		});
	}

	@StatefulFunction("test/door")
	static class Door {

		@Handler
		void enter(User user, Context context) {
			context.send("test/count", context.self().id(), user);
		}

	}

	@StatefulFunction("test/count")
	static class Counter {

		@Handler
		void count(User user, @Persisted("count") PersistedValue<Count> count, Context context) {
			int seen = count.get().map(Count::getValue).orElse(0) + 1;
			count.set(Count.newBuilder().setValue(seen).build());
			context.sendEgress("test/out",
					KafkaRecord.forTopic("greetings")
						.key(context.self().id())
						.utf8Value(user.getName() + seen)
						.build());
		}

	}

	@StatefulFunction("test/chain")
	static class Chain {

		@Handler
		void begin(User user, Context context) {
			context.sendAfter(Duration.ofHours(1), "test/reminder", context.self().id(), user);
		}

	}

	@StatefulFunction("test/reminder")
	static class Reminder {

		@Handler
		void remind(User user, Timers timers) {
			timers.start("remind", Duration.ofHours(2), Count.newBuilder().setValue(7).build());
		}

		@Handler
		void fired(Count count, Context context) {
			context.send("test/end", context.self().id(), count);
		}

	}

	@StatefulFunction("test/end")
	static class End {

		@Handler
		void end(Count count) {
		}

	}

	@StatefulFunction("test/fragile")
	static class Fragile {

		@Handler
		void handle(User user, Context context) {
			if (!MENDED.containsKey(context.self().id())) {
				throw new IllegalStateException("no stock of " + user.getName());
			}
		}

	}

	@StatefulFunction("test/lenient")
	static class Lenient {

		@Handler
		void handle(User user) {
			throw new IllegalStateException("never mind " + user.getName());
		}

	}

	@StatefulFunction("test/buried")
	static class Buried {

		@Handler
		void handle(User user, Context context) {
			if (!MENDED.containsKey(context.self().id() + "-buried")) {
				throw new IllegalStateException("rest in peace, " + user.getName());
			}
		}

	}

	@StatefulFunction("test/slow")
	static class Slow {

		@Handler
		void handle(User user, @Persisted("seen") PersistedValue<Integer> seen, Context context) throws Exception {
			CountDownLatch gate = GATES.get(context.self().id());
			if (gate != null && !gate.await(1, TimeUnit.MINUTES)) {
				throw new IllegalStateException("The test has not opened the gate");
			}
			seen.set(seen.get().orElse(0) + 1);
			context.send("test/count", context.self().id() + "-" + user.getName(), user);
		}

	}

	@StatefulFunction("test/notes")
	static class Notes {

		@Handler
		void note(String note, @Persisted("last") PersistedValue<String> last,
				@Persisted(value = "length", expireAfterWrite = "1h") PersistedValue<Integer> length) {
			last.set(note);
			length.set(note.length());
		}

	}

	@StatefulFunction("test/cart")
	static class Cart {

		@Handler
		void add(Item item, @Persisted("items") PersistedValue<Item> items) {
			items.set(Objects.requireNonNull(item));
		}

	}

	/**
	 * A message.
	 *
	 * @param name name of the item
	 * @param quantity how many
	 * @param password not to be shown
	 */
	@MessageType("test/Item")
	record Item(String name, int quantity, String password) {

	}

}
