package dev.statefun.spring.boot.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.util.List;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.egress.Egress;
import dev.statefun.sdk.egress.KafkaEgress;
import dev.statefun.sdk.egress.KinesisEgress;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.EgressName;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.StatefulFunctionsCustomizer;
import dev.statefun.spring.boot.autoconfigure.json.StatefunJacksonAutoConfiguration;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for typed egresses: their properties and their injection.
 */
class TypedEgressConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class, StatefunJacksonAutoConfiguration.class,
				StatefunAutoConfiguration.class, StatefunEgressAutoConfiguration.class))
		.withPropertyValues("statefun.egresses.orders.type=kafka", "statefun.egresses.orders.id=shop/kafka",
				"statefun.egresses.orders.topic=orders", "statefun.egresses.names.type=kinesis",
				"statefun.egresses.names.id=shop/kinesis", "statefun.egresses.names.stream=names");

	@Test
	void propertiesBecomeDestinations() {
		this.contextRunner.run((context) -> {
			StatefulFunctions functions = context.getBean(StatefulFunctions.class);
			assertThat(functions.egresses()).containsOnlyKeys("names", "orders")
				.containsEntry("orders", KafkaEgress.of("shop/kafka", "orders"))
				.containsEntry("names", KinesisEgress.of("shop/kinesis", "names"));
		});
	}

	@Test
	void egressesAreInjectedIntoConstructorsMethodsAndFields() {
		this.contextRunner.withBean(CheckOut.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(recordsOf(context.getBean(RequestReplyHandler.class))).containsExactly(
					"shop/kafka orders key=joe {\"item\":\"tea\"}", "shop/kafka orders key= {\"item\":\"tea\"}",
					"shop/kinesis names key=joe joe", "shop/kinesis names key=jim jim",
					"shop/kafka orders key= {\"item\":\"milk\"}");
		});
	}

	@Test
	void topicIsThatOfTheProperties() {
		this.contextRunner.withBean(CheckOut.class)
			.withPropertyValues("statefun.egresses.orders.topic=other")
			.run((context) -> assertThat(recordsOf(context.getBean(RequestReplyHandler.class)))
				.contains("shop/kafka other key=joe {\"item\":\"tea\"}"));
	}

	@Test
	void destinationsByCodeAreInjectedToo() {
		this.contextRunner.withUserConfiguration(ByCode.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(StatefulFunctions.class).egresses()).containsKeys("audit", "orders");
		});
	}

	@Test
	void typeVariableOfASuperclassIsResolved() {
		this.contextRunner.withBean(Child.class)
			.run((context) -> assertThat(context.getBean(Child.class).egress)
				.isEqualTo(Egress.of("orders", Order.class)));
	}

	@Test
	void beanOfTheApplicationTakesPrecedence() {
		this.contextRunner.withUserConfiguration(OwnEgress.class)
			.run((context) -> assertThat(context.getBean(Unnamed.class).egress)
				.isEqualTo(Egress.of("orders", Order.class)));
	}

	@Test
	void nameDecidesBetweenABeanOfTheApplicationAndAnEgressOfTheProperties() {
		this.contextRunner.withUserConfiguration(OwnEgressAndNamed.class)
			.run((context) -> assertThat(context.getBean(Unnamed.class).egress)
				.isEqualTo(Egress.of("names", Order.class)));
	}

	@Test
	void nameMayHavePlaceholders() {
		this.contextRunner.withUserConfiguration(Placeholder.class)
			.withPropertyValues("sales.egress=orders")
			.run((context) -> assertThat(context.getBean(Unnamed.class).egress)
				.isEqualTo(Egress.of("orders", Order.class)));
	}

	@Test
	void egressBeanIsCheckedAtStartUp() {
		this.contextRunner.withUserConfiguration(MisspelledBean.class)
			.run((context) -> assertThat(context).getFailure()
				.hasMessageStartingWith("Egress 'order' of bean 'orders' is not known; known are [names, orders]. "));
	}

	@Test
	void egressesAreInjectedWhereFunctionsAreDisabled() {
		this.contextRunner.withBean(CheckOut.class)
			.withPropertyValues("statefun.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(StatefulFunctions.class));
	}

	@Test
	void egressesOfBothKindsAreInjectedIfTheirTypesDiffer() {
		this.contextRunner.withUserConfiguration(OwnEgress.class, ByCodeOfNames.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void everyBeanCanBeLookedUp() {
		this.contextRunner.withBean(CheckOut.class).run((context) -> {
			for (String name : context.getBeanDefinitionNames()) {
				assertThat(context.getBean(name)).isNotNull();
			}
		});
	}

	@Test
	void lazyBeanIsCheckedWhenItIsCreated() {
		this.contextRunner.withUserConfiguration(LazyMistake.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getStartupFailure()).isNull();
			ObjectProvider<Egress<Order>> egress = context.getBean(Misspelled.class).egress;
			assertThatIllegalArgumentException().isThrownBy(egress::getObject)
				.withMessageStartingWith("Egress 'order' of '" + LazyMistake.class.getName()
						+ ".misspelled' is not known; known are [names, orders]. ");
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					type=                     | 'statefun.egresses.bad.type' is not set; expected 'kafka' or 'kinesis'
					id=                       | 'statefun.egresses.bad.id' is ''; expected the form '<namespace>/<name>'
					id=kafka                  | 'statefun.egresses.bad.id' is 'kafka'; expected the form '<namespace>/<name>'
					topic=                    | 'statefun.egresses.bad.topic' is not set; an egress of the type 'kafka' needs a topic
					stream=s                  | 'statefun.egresses.bad.stream' is 's', but an egress of the type 'kafka' has no stream
					type=kinesis              | 'statefun.egresses.bad.stream' is not set; an egress of the type 'kinesis' needs a stream
					type=kinesis,stream=s     | 'statefun.egresses.bad.topic' is 'bad', but an egress of the type 'kinesis' has no topic
					""")
	void invalidPropertiesAreRefused(String properties, String message) {
		List<String> changes = List.of(properties.split(","))
			.stream()
			.map((property) -> "statefun.egresses.bad." + property)
			.toList();
		this.contextRunner
			.withPropertyValues("statefun.egresses.bad.type=kafka", "statefun.egresses.bad.id=shop/kafka",
					"statefun.egresses.bad.topic=bad")
			.withPropertyValues(changes.toArray(String[]::new))
			.run((context) -> assertThat(context).getFailure().hasRootCauseMessage(message));
	}

	private static List<String> recordsOf(RequestReplyHandler handler) {
		byte[] reply = handler
			.handle(ClusterRequest.v3("test/checkout", "joe")
				.message("test/Order", ByteString.copyFromUtf8("{\"item\":\"tea\"}"))
				.toByteArray())
			.toCompletableFuture()
			.join();
		return ClusterReply.v3(reply)
			.records()
			.stream()
			.map((record) -> record.egress() + " " + describe(record.message().getValue()))
			.toList();
	}

	// protocol.md §1: both kinds of records have the same numbers for these fields
	private static String describe(ByteString record) {
		try {
			UnknownFieldSet fields = UnknownFieldSet.parseFrom(record);
			return text(fields, 3) + " key=" + text(fields, 1) + " " + text(fields, 2);
		}
		catch (InvalidProtocolBufferException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String text(UnknownFieldSet fields, int number) {
		List<ByteString> values = fields.getField(number).getLengthDelimitedList();
		return values.isEmpty() ? "" : values.get(0).toString(StandardCharsets.UTF_8);
	}

	@MessageType("test/Order")
	record Order(String item) {

	}

	@StatefulFunction("test/checkout")
	static class CheckOut {

		private final Egress<Order> orders;

		private Egress<String> names = Egress.of("none", String.class);

		@Autowired
		@EgressName("names")
		private ObjectProvider<Egress<String>> provided;

		@Autowired
		@EgressName("orders")
		private Egress<Order> field;

		@SuppressWarnings("NullAway.Init")
		CheckOut(@EgressName("orders") Egress<Order> orders) {
			this.orders = orders;
		}

		@Autowired
		void setNames(@EgressName("names") Egress<String> names) {
			this.names = names;
		}

		@Handler
		void on(Order order, Context context) {
			context.sendEgress(this.orders, context.self().id(), order);
			context.sendEgress(this.orders, order);
			context.sendEgress(this.names, "joe", "joe");
			context.sendEgress(this.provided.getObject(), "jim", "jim");
			context.sendEgress(this.field, new Order("milk"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ByCode {

		@Bean
		StatefulFunctionsCustomizer audit() {
			return (functions) -> functions.egress("audit", KafkaEgress.of("shop/kafka", "audit"));
		}

		@Bean
		Audit auditing(@EgressName("audit") Egress<Order> audit) {
			return new Audit(audit);
		}

	}

	record Audit(Egress<Order> egress) {

	}

	abstract static class Parent<T> {

		@Autowired
		@EgressName("orders")
		@SuppressWarnings("NullAway.Init")
		Egress<T> egress;

	}

	static class Child extends Parent<Order> {

	}

	record Unnamed(Egress<Order> egress) {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnEgress {

		@Bean
		Egress<Order> own() {
			return Egress.of("orders", Order.class);
		}

		@Bean
		Unnamed unnamed(Egress<Order> egress) {
			return new Unnamed(egress);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnEgressAndNamed {

		@Bean
		Egress<Order> orders() {
			return Egress.of("orders", Order.class);
		}

		// The parameter has the name of the bean
		@Bean
		Unnamed unnamed(@EgressName("names") Egress<Order> orders) {
			return new Unnamed(orders);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Placeholder {

		@Bean
		Unnamed unnamed(@EgressName("${sales.egress}") Egress<Order> egress) {
			return new Unnamed(egress);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MisspelledBean {

		@Bean
		Egress<Order> orders() {
			return Egress.of("order", Order.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ByCodeOfNames {

		@Bean
		String name(@EgressName("names") Egress<String> names) {
			return names.name();
		}

	}

	static class Misspelled {

		private final ObjectProvider<Egress<Order>> egress;

		Misspelled(@EgressName("order") ObjectProvider<Egress<Order>> egress) {
			this.egress = egress;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyMistake {

		@Bean
		@Lazy
		Misspelled misspelled(@EgressName("order") ObjectProvider<Egress<Order>> egress) {
			return new Misspelled(egress);
		}

	}

}
