package dev.statefun.console.browser;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.spring.StatefulFunction;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Application that the browser tests look at: an order reserves goods, which starts a
 * timer, sends a mail after a delay and replies; and functions that fail, or are busy.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ Shop.Orders.class, Shop.Stock.class, Shop.Mails.class, Shop.Printer.class, Shop.Payments.class,
		Shop.Parcels.class, Shop.Labels.class, Shop.Visits.class })
class Shop {

	/** Egress of all records. */
	static final String EGRESS = "shop/records";

	/** Starts the application on a free port of the loopback. */
	static ConfigurableApplicationContext start(String... properties) {
		Stream<String> server = Stream.of("--server.port=0", "--server.address=127.0.0.1");
		return SpringApplication.run(Shop.class,
				Stream.concat(server, Arrays.stream(properties)).toArray(String[]::new));
	}

	/** Returns the port of the application. */
	static int port(ConfigurableApplicationContext context) {
		return ((WebServerApplicationContext) context).getWebServer().getPort();
	}

	/** Returns the address of the console's views, to which the path of one is added. */
	static String console(ConfigurableApplicationContext context) {
		return "http://127.0.0.1:" + port(context) + "/statefun-console/#/";
	}

	@Bean
	SecurityFilterChain permitAll(HttpSecurity http) throws Exception {
		return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
	}

	@Bean
	Faults faults() {
		return new Faults();
	}

	/**
	 * What fails or waits, as a test wants it.
	 */
	static final class Faults {

		/** How often a job of the printer fails, by its id. */
		final Map<String, Integer> printer = new ConcurrentHashMap<>();

		/** Cards that are refused. */
		final Map<String, Boolean> refused = new ConcurrentHashMap<>();

		/** Visits that wait for a permit, by id. */
		final Map<String, Semaphore> gates = new ConcurrentHashMap<>();

	}

	@StatefulFunction("shop/orders")
	static class Orders {

		@Handler
		void place(Place order, Context context, @Persisted("placed") PersistedValue<Integer> placed) {
			placed.set(placed.get().orElse(0) + 1);
			context.send("shop/stock", order.item(), new Reserve(order.quantity()));
		}

		@Handler
		void reserved(Reserved reserved, Context context) {
			context.sendEgress(EGRESS,
					KafkaRecord.forTopic("orders")
						.key(context.self().id())
						.utf8Value("reserved, left: " + reserved.left())
						.build());
		}

	}

	@StatefulFunction("shop/stock")
	static class Stock {

		@Handler
		Reserved reserve(Reserve order, Context context, Timers timers,
				@Persisted("left") PersistedValue<Integer> left) {
			int now = left.get().orElse(10) - order.quantity();
			left.set(now);
			timers.start("restock", Duration.ofHours(1), new Restock(order.quantity()));
			context.sendAfter(Duration.ofMinutes(5), "shop/mails", context.self().id(),
					new Mail("sold " + order.quantity()));
			return new Reserved(now);
		}

		@Handler
		void restock(Restock goods, @Persisted("left") PersistedValue<Integer> left) {
			left.set(left.get().orElse(0) + goods.quantity());
		}

	}

	@StatefulFunction("shop/mails")
	static class Mails {

		@Handler
		void send(Mail mail, Context context) {
			context.sendEgress(EGRESS,
					KafkaRecord.forTopic("mails").key(context.self().id()).utf8Value(mail.text()).build());
		}

	}

	/** Fails for some time, and is called again. */
	@StatefulFunction("shop/printer")
	record Printer(Faults faults) {

		@Handler
		void print(Print job, Context context, @Persisted("pages") PersistedValue<Integer> pages) {
			int left = this.faults.printer.merge(context.self().id(), -1, Integer::sum);
			if (left >= 0) {
				throw new IllegalStateException("the printer has no paper for " + job.document());
			}
			pages.set(pages.get().orElse(0) + 1);
		}

	}

	/** Sends messages that it refuses to the dead letters. */
	@StatefulFunction("shop/payments")
	record Payments(Faults faults) {

		@Handler
		void pay(Pay payment, Context context, @Persisted("cents") PersistedValue<Integer> cents) {
			if (this.faults.refused.getOrDefault(context.self().id(), false)) {
				throw new IllegalArgumentException("card " + payment.card() + " is refused");
			}
			cents.set(cents.get().orElse(0) + payment.cents());
			String tenant = context.headers().get("tenant").orElse("none");
			context.sendEgress(EGRESS,
					KafkaRecord.forTopic("payments").key(context.self().id()).utf8Value("paid by " + tenant).build());
		}

	}

	/** Sends one message for each, so that the causes within a batch can be checked. */
	@StatefulFunction("shop/parcels")
	static class Parcels {

		@Handler
		void pack(Parcel parcel, Context context, @Persisted("last") PersistedValue<Integer> last) {
			last.set(parcel.number());
			context.send("shop/labels", "parcel-" + parcel.number(), new Label(parcel.number()));
		}

	}

	@StatefulFunction("shop/labels")
	static class Labels {

		@Handler
		void print(Label label) {
		}

	}

	/** Many instances with many messages. */
	@StatefulFunction("shop/visits")
	record Visits(Faults faults) {

		@Handler
		void visit(Visit visit, Context context, @Persisted("count") PersistedValue<Integer> count)
				throws InterruptedException {
			Semaphore gate = this.faults.gates.get(context.self().id());
			if (gate != null) {
				gate.acquire();
			}
			count.set(count.get().orElse(0) + 1);
		}

	}

	@MessageType("shop/Place")
	record Place(String item, int quantity) {

	}

	@MessageType("shop/Reserve")
	record Reserve(int quantity) {

	}

	@MessageType("shop/Reserved")
	record Reserved(int left) {

	}

	@MessageType("shop/Restock")
	record Restock(int quantity) {

	}

	@MessageType("shop/Mail")
	record Mail(String text) {

	}

	@MessageType("shop/Print")
	record Print(String document) {

	}

	@MessageType("shop/Pay")
	record Pay(String card, int cents) {

	}

	@MessageType("shop/Parcel")
	record Parcel(int number) {

	}

	@MessageType("shop/Label")
	record Label(int number) {

	}

	@MessageType("shop/Visit")
	record Visit(String page) {

	}

}
