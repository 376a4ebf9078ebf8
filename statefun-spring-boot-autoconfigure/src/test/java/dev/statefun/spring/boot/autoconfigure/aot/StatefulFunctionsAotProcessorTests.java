package dev.statefun.spring.boot.autoconfigure.aot;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.google.protobuf.Any;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Duration;
import com.google.protobuf.EnumValue;
import com.google.protobuf.Field;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Syntax;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Type;
import com.google.protobuf.Value;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.Target;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.autoconfigure.StatefunEgressAutoConfiguration;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import org.aopalliance.intercept.MethodInterceptor;
import org.hibernate.validator.internal.constraintvalidators.bv.NotBlankValidator;
import org.hibernate.validator.internal.constraintvalidators.bv.NotNullValidator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.ReflectionHintsPredicates;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.aot.AotServices;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.aot.ApplicationContextAotGenerator;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StatefulFunctionsAotProcessor} and its hints.
 */
@ExtendWith(OutputCaptureExtension.class)
class StatefulFunctionsAotProcessorTests {

	private static final ReflectionHintsPredicates reflection = RuntimeHintsPredicates.reflection();

	@Test
	void processorIsRegistered() {
		assertThat(AotServices.factories().load(BeanFactoryInitializationAotProcessor.class))
			.hasAtLeastOneElementOfType(StatefulFunctionsAotProcessor.class);
	}

	@Test
	void handlersOfAClassHaveInvocationHints() {
		RuntimeHints hints = process(Overriding.class);
		assertThat(reflection.onType(Overriding.class)).accepts(hints);
		assertThat(reflection.onType(Overridden.class)).accepts(hints);
		assertThat(reflection.onType(Taking.class)).accepts(hints);
		assertThat(reflection.onMethodInvocation(Overriding.class, "take")).accepts(hints);
		assertThat(reflection.onMethodInvocation(Overridden.class, "take")).accepts(hints);
		assertThat(reflection.onMethodInvocation(Overridden.class, "hidden")).accepts(hints);
		assertThat(reflection.onMethodInvocation(Taking.class, "takeAny")).accepts(hints);
		assertThat(reflection.onMethodInvocation(Overriding.class, "takeAny")).accepts(hints);
		assertThat(reflection.onMethodInvocation(Overriding.class, "helping")).rejects(hints);
	}

	@Test
	void functionsFromBeanMethodsAreDetectedByReturnType() {
		RuntimeHints hints = process(BeanMethods.class);
		assertThat(reflection.onMethodInvocation(Made.class, "take")).accepts(hints);
		assertThat(reflection.onMethodInvocation(Offered.class, "take")).accepts(hints);
		assertThat(reflection.onType(Duration.class)).accepts(hints);
		assertThat(reflection.onType(Timestamp.class)).accepts(hints);
	}

	@Test
	void functionWithAnUninformativeTypeCausesAWarning(CapturedOutput output) {
		process(Vague.class);
		assertThat(output).contains("Bean 'vague': found no handlers in 'java.lang.Object'");
	}

	@Test
	void functionsBehindProxiesUseTheirTargetClass() {
		RuntimeHints hints = process(Advised.class, Made.class, Overriding.class, Scoped.class);
		assertThat(reflection.onMethodInvocation(Made.class, "take")).accepts(hints);
		assertThat(reflection.onMethodInvocation(Overriding.class, "take")).accepts(hints);
		assertThat(reflection.onMethodInvocation(Taking.class, "takeAny")).accepts(hints);
		assertThat(reflection.onMethodInvocation(Scoped.class, "take")).accepts(hints);
	}

	@Test
	void targetsInStaticFieldsHaveHintsOnTheFieldAndItsMessages() throws Exception {
		RuntimeHints hints = process(Sending.class);
		assertThat(reflection.onFieldAccess(Sending.class.getDeclaredField("ORDERS"))).accepts(hints);
		assertThat(reflection.onFieldAccess(Sending.class.getDeclaredField("OTHER"))).rejects(hints);
		assertThat(reflection.onMethodInvocation(Timestamp.class, "getSeconds")).accepts(hints);
	}

	@Test
	void timersOfAHandlerHaveALookupHint() {
		assertThat(reflection.onMethodInvocation(Timers.class, "of")).accepts(process(Timed.class))
			.rejects(process(Sending.class));
	}

	@Test
	void receiverOfInjectionPointsHasAHintOnItsConstructor() {
		RuntimeHints hints = process(StatefunEgressAutoConfiguration.class);
		assertThat(
				reflection.onType(TypeReference.of("dev.statefun.spring.boot.autoconfigure.InjectedEgresses$Receiver"))
					.withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
			.accepts(hints);
	}

	@Test
	void untypedHandlersHaveLookupHints() {
		RuntimeHints hints = process(Untyped.class);
		assertThat(reflection.onMethodInvocation(Untyped.class, "handle")).accepts(hints);
		// A lambda registered by a customizer
		assertThat(reflection.onMethodInvocation(FunctionHandler.class, "handle")).accepts(hints);
	}

	@Test
	void typeArgumentsHaveBindingHints() {
		RuntimeHints hints = process(Paging.class);
		for (Class<?> type : List.of(Page.class, Entry.class, Kept.class, Answered.class)) {
			assertThat(reflection.onType(type).withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
				.accepts(hints);
		}
	}

	@Test
	void protobufMessagesHaveHintsIncludingNestedMessages() {
		RuntimeHints hints = process(Messages.class);
		assertThat(reflection.onMethodInvocation(Type.class, "getDefaultInstance")).accepts(hints);
		assertThat(reflection.onMethodInvocation(Type.class, "getName")).accepts(hints);
		for (Class<?> type : List.of(Type.class, Type.Builder.class, Field.class, Field.Builder.class, Field.Kind.class,
				Syntax.class)) {
			assertThat(reflection.onType(type).withMemberCategory(MemberCategory.INVOKE_PUBLIC_METHODS)).accepts(hints);
		}
		// Of the same file
		assertThat(reflection.onType(EnumValue.class)).accepts(hints);
	}

	@Test
	void statesAndResultsAreMessagesToo() {
		RuntimeHints hints = process(Messages.class);
		for (Class<?> type : List.of(Struct.class, Struct.Builder.class, Value.class, ListValue.class, NullValue.class,
				Duration.class, Timestamp.class)) {
			assertThat(reflection.onType(type).withMemberCategory(MemberCategory.INVOKE_PUBLIC_METHODS)).accepts(hints);
		}
	}

	@Test
	void recordsOfStatesHaveConstructorHints() {
		RuntimeHints hints = process(Recording.class);
		for (Class<?> record : List.of(Seen.class, Latest.class)) {
			assertThat(reflection.onType(record).withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
				.accepts(hints);
		}
		assertThat(reflection.onMethodInvocation(Seen.class, "struct")).accepts(hints);
		assertThat(reflection.onMethodInvocation(Seen.class, "total")).accepts(hints);
		assertThat(reflection.onMethodInvocation(Latest.class, "page")).accepts(hints);
	}

	@Test
	void recordsThatOnlyACodecKnowsHaveAccessorHints() {
		RuntimeHints hints = process(Coded.class);
		assertThat(reflection.onMethodInvocation(Unmarked.class, "text")).accepts(hints);
		assertThat(reflection.onType(Unmarked.class).withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
			.rejects(hints);
	}

	@Test
	void componentsOfRecordsAreStates() {
		RuntimeHints hints = process(Recording.class);
		assertThat(reflection.onMethodInvocation(Total.class, "cents")).accepts(hints);
		assertThat(reflection.onType(Struct.class).withMemberCategory(MemberCategory.INVOKE_PUBLIC_METHODS))
			.accepts(hints);
		for (Class<?> type : List.of(Page.class, Kept.class)) {
			assertThat(reflection.onType(type).withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
				.accepts(hints);
		}
	}

	@Test
	void nestedMessagesIncludeTheirSiblings() {
		RuntimeHints hints = process(Nested.class);
		for (Class<?> type : List.of(DescriptorProto.ExtensionRange.class, DescriptorProto.class,
				FileDescriptorProto.class, FieldDescriptorProto.Type.class)) {
			assertThat(reflection.onType(type).withMemberCategory(MemberCategory.INVOKE_PUBLIC_METHODS)).accepts(hints);
		}
	}

	@Test
	void jsonMessagesHaveBindingHintsIncludingSubtypes() {
		RuntimeHints hints = process(Shop.class);
		assertThat(reflection.onType(Change.class)).accepts(hints);
		assertThat(reflection.onMethodInvocation(Add.class, "item")).accepts(hints);
		assertThat(reflection.onMethodInvocation(Item.class, "sku")).accepts(hints);
		assertThat(reflection.onType(Item.class).withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
			.accepts(hints);
		assertThat(reflection.onMethodInvocation(Remove.class, "sku")).accepts(hints);
		assertThat(reflection.onMethodInvocation(Total.class, "cents")).accepts(hints);
		// A subtype of an annotated type: the others are read by the same name
		assertThat(reflection.onMethodInvocation(Card.class, "number")).accepts(hints);
		assertThat(reflection.onMethodInvocation(Cash.class, "cents")).accepts(hints);
		// Possible values of a property
		assertThat(reflection.onMethodInvocation(Gift.class, "from")).accepts(hints);
		assertThat(reflection.onType(Mood.class)).accepts(hints);
	}

	@Test
	void annotatedTypesNeedNoHandler() {
		assertThat(reflection.onMethodInvocation(OnlySent.class, "text")).rejects(process(Shop.class))
			.accepts(process(Shop.class, Application.class));
		assertThat(reflection.onMethodInvocation(OnlySentKind.class, "text"))
			.accepts(process(Shop.class, Application.class));
	}

	@Test
	void validatedMessagesHaveConstraintHints() {
		RuntimeHints hints = process(Validating.class);
		MemberCategory constructors = MemberCategory.INVOKE_DECLARED_CONSTRUCTORS;
		assertThat(reflection.onType(NotNullValidator.class).withMemberCategory(constructors)).accepts(hints);
		assertThat(reflection.onType(NotBlankValidator.class).withMemberCategory(constructors)).accepts(hints);
		assertThat(reflection.onType(Line.class).withMemberCategory(MemberCategory.ACCESS_DECLARED_FIELDS))
			.accepts(hints);
	}

	@Test
	void exceptionsInPropertiesHaveLookupHints() {
		RuntimeHints hints = process(
				List.of("statefun.failure.exceptions.[java.lang.ArithmeticException]=skip",
						"statefun.functions.[test/messages].max-concurrency=${nowhere}",
						"statefun.functions.[test/messages].failure.exceptions.[java.time.DateTimeException]=retry"),
				Messages.class);
		assertThat(reflection.onType(ArithmeticException.class)).accepts(hints);
		assertThat(reflection.onType(java.time.DateTimeException.class)).accepts(hints);
	}

	private static RuntimeHints process(Class<?>... beans) {
		return process(List.of(), beans);
	}

	private static RuntimeHints process(List<String> properties, Class<?>... beans) {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			TestPropertyValues.of(properties).applyTo(context);
			context.register(beans);
			GenerationContext generation = new TestGenerationContext();
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			return generation.getRuntimeHints();
		}
	}

	@StatefulFunction("test/sending")
	static class Sending {

		private static final Target<Timestamp> ORDERS = Target.of("test/orders", Timestamp.class);

		private static final String OTHER = "other";

		@Handler
		void take(String message, Context context) {
			context.send(ORDERS.id(OTHER), Timestamp.getDefaultInstance());
		}

	}

	@StatefulFunction("test/timed")
	static class Timed {

		@Handler
		void take(String message, Timers timers) {
		}

	}

	interface Taking {

		@Handler
		void takeAny(Any message);

	}

	abstract static class Overridden implements Taking {

		@Handler
		void take(Duration message) {
		}

		@Handler
		private void hidden(Timestamp message) {
		}

	}

	@StatefulFunction("test/overriding")
	static class Overriding extends Overridden {

		Overriding() {
			throw new IllegalStateException("Nothing is created");
		}

		@Override
		void take(Duration message) {
		}

		@Override
		public void takeAny(Any message) {
		}

		void helping(Duration message) {
		}

	}

	@StatefulFunction("test/made")
	static class Made {

		@Handler
		void take(Duration message) {
		}

	}

	interface Offered {

		@Handler
		void take(Timestamp message);

	}

	@Configuration(proxyBeanMethods = false)
	static class BeanMethods {

		@Bean
		Made made() {
			throw new IllegalStateException("Nothing is created");
		}

		@Bean
		@StatefulFunction("test/offered")
		Offered offered() {
			throw new IllegalStateException("Nothing is created");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Vague {

		@Bean
		@StatefulFunction("test/vague")
		Object vague() {
			return new Made();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Advised {

		@Bean
		static DefaultAdvisorAutoProxyCreator proxies() {
			return new DefaultAdvisorAutoProxyCreator();
		}

		@Bean
		static DefaultPointcutAdvisor advice() {
			return new DefaultPointcutAdvisor((MethodInterceptor) (call) -> call.proceed());
		}

	}

	@StatefulFunction("test/scoped")
	@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
	static class Scoped {

		@Handler
		void take(Duration message) {
		}

	}

	@StatefulFunction("test/untyped")
	static class Untyped implements FunctionHandler {

		@Override
		public void handle(Context context, Any message) {
		}

	}

	@StatefulFunction("test/messages")
	static class Messages {

		@Handler
		Optional<Duration> now(Type message, @Persisted("seen") PersistedValue<Struct> seen, Context context) {
			return Optional.empty();
		}

		@Handler
		CompletionStage<Timestamp> later(String message) {
			return CompletableFuture.completedFuture(Timestamp.getDefaultInstance());
		}

	}

	record Seen(PersistedValue<Struct> struct, PersistedValue<Total> total) {

	}

	record Latest<T>(PersistedValue<Page<T>> page) {

	}

	abstract static class Inherited<T> {

		@Handler
		void latest(long message, Latest<T> latest) {
		}

	}

	@StatefulFunction("test/recording")
	static class Recording extends Inherited<Kept> {

		@Handler
		void take(String message, Seen seen) {
		}

	}

	record Unmarked(String text) {

	}

	@StatefulFunction("test/coded")
	static class Coded {

		@Handler
		void take(Unmarked message) {
		}

	}

	@StatefulFunction("test/nested")
	static class Nested {

		@Handler
		void take(DescriptorProto.ExtensionRange message) {
		}

	}

	sealed interface Change {

	}

	@MessageType("shop/Add")
	record Add(Item item) implements Change {

	}

	@MessageType("shop/Remove")
	record Remove(String sku) implements Change {

	}

	record Item(String sku, List<Extra> extras) {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	@JsonSubTypes(@JsonSubTypes.Type(value = Gift.class, name = "gift"))
	interface Extra {

	}

	record Gift(String from, Mood mood) implements Extra {

	}

	enum Mood {

		GOOD {

			@Override
			boolean smiles() {
				return true;
			}

		};

		abstract boolean smiles();

	}

	@MessageType("shop/Payment")
	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	sealed interface Payment {

	}

	record Card(String number) implements Payment {

	}

	record Cash(long cents) implements Payment {

	}

	@MessageType("shop/Total")
	record Total(long cents) {

	}

	@StatefulFunction("test/shop")
	static class Shop {

		@Handler
		void change(Change change, @Persisted("total") PersistedValue<Total> total) {
		}

		@Handler
		void pay(Card card) {
		}

	}

	@MessageType("shop/Page")
	record Page<T>(List<T> items) {

	}

	record Entry(String sku) {

	}

	record Kept(String sku) {

	}

	record Answered(String sku) {

	}

	@StatefulFunction("test/paging")
	static class Paging {

		@Handler
		CompletionStage<Page<Answered>> page(Page<Entry> page,
				@Persisted(value = "kept", type = "shop/kept") PersistedValue<Map<String, List<Kept>>> kept) {
			return CompletableFuture.completedStage(new Page<>(List.of()));
		}

	}

	@MessageType("shop/OnlySent")
	record OnlySent(String text) {

	}

	@MessageType("shop/OnlySentToo")
	sealed interface OnlySentToo {

	}

	record OnlySentKind(String text) implements OnlySentToo {

	}

	@AutoConfigurationPackage
	@Configuration(proxyBeanMethods = false)
	static class Application {

	}

	@MessageType("shop/Order")
	record Order(@NotNull Long number, List<@Valid Line> lines) {

	}

	record Line(@NotBlank String sku) {

	}

	@StatefulFunction("test/validating")
	static class Validating {

		@Handler
		void order(@Valid Order order) {
		}

	}

}
