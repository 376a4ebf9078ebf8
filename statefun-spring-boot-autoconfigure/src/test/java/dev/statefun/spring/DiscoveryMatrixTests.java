package dev.statefun.spring;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.InvalidFunctionException;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.testing.LibraryFunction;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import jakarta.validation.constraints.Max;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.NameMatchMethodPointcut;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.context.annotation.Role;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.SimpleTransactionStatus;
import org.springframework.validation.annotation.Validated;
import org.springframework.validation.beanvalidation.MethodValidationPostProcessor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for every way to declare a function combined with every kind of bean: each is
 * served with its advice, or stops the start-up with a reason.
 */
class DiscoveryMatrixTests {

	private static final int DECLARATIONS = 5;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(StatefunAutoConfiguration.class))
		.withBean(Probe.class)
		.withPropertyValues("matrix.namespace=test");

	static Stream<Arguments> everyCombination() {
		return Arrays.stream(Declaration.values())
			.flatMap((declaration) -> Arrays.stream(Standing.values())
				.map((standing) -> Arguments.of(declaration, standing)));
	}

	static Stream<Arguments> everyFault() {
		return Arrays.stream(Fault.values())
			.flatMap((fault) -> Stream.of(Arguments.of(fault, false), Arguments.of(fault, true)));
	}

	@Test
	void matrixHasAllItsRows() {
		assertThat(everyCombination()).hasSize(DECLARATIONS * Standing.values().length).hasSize(90);
		assertThat(everyFault()).hasSize(12);
	}

	@ParameterizedTest
	@MethodSource("everyCombination")
	void functionIsServedAndItsAdviceRuns(Declaration declaration, Standing standing) {
		runner(declaration, standing).run((context) -> {
			assertThat(context).hasNotFailed();
			if (standing == Standing.PROFILE_INACTIVE) {
				assertThat(context.getBeanNamesForType(Adding.class)).isEmpty();
				assertThat(typesOf(context)).isEmpty();
				return;
			}
			assertThat(typesOf(context)).containsExactly("test/matrix");
			Probe probe = context.getBean(Probe.class);
			String name = nameOf(context, standing);
			standing.requireExercised(context, name);
			assertThat(probe.handled).isZero();
			assertThat(probe.advised).isZero();
			assertThat(call(context, 2)).isEqualTo(42);
			assertThat(probe.handled).isEqualTo(1);
			if (standing.validates()) {
				assertThatExceptionOfType(Exception.class).isThrownBy(() -> call(context, 1000))
					.satisfies((ex) -> assertThat(ex).hasStackTraceContaining("must be less than or equal to 100"));
				assertThat(probe.handled).isEqualTo(1);
			}
			else {
				assertThat(probe.advised).isEqualTo(standing.hasAdvice() ? 1 : 0);
				int instances = probe.instances;
				assertThat(call(context, 3)).isEqualTo(43);
				assertThat(probe.handled).isEqualTo(2);
				assertThat(probe.advised).isEqualTo(standing.hasAdvice() ? 2 : 0);
				assertThat(probe.instances).isEqualTo((standing == Standing.PROTOTYPE) ? instances + 1 : instances);
			}
			assertThat(probe.rolledBack).isZero();
			if (standing == Standing.PRIMARY || standing == Standing.OTHER_IS_PRIMARY) {
				assertThat(context.getBean("otherProbe", Probe.class).instances).isEqualTo(1);
				assertThat(context.getBean("otherProbe", Probe.class).handled).isZero();
			}
		});
	}

	@ParameterizedTest
	@MethodSource("everyFault")
	void handlerThatCannotBeCalledStopsTheStartUp(Fault fault, boolean onBeanMethod) {
		ApplicationContextRunner runner = this.contextRunner.withUserConfiguration(fault.configuration);
		runner = onBeanMethod
				? runner.withBean("made", Class.class, () -> fault.type).withUserConfiguration(FaultyBeanMethod.class)
				: runner.withUserConfiguration(fault.type);
		String bean = onBeanMethod ? "function" : "discoveryMatrixTests." + fault.type.getSimpleName();
		runner.run((context) -> {
			assertThat(context).hasFailed();
			InvalidFunctionException cause = causeOf(context.getStartupFailure());
			assertThat(cause.origin()).isEqualTo("bean '" + bean + "'");
			assertThat(cause.problem()).isEqualTo("handler '" + fault.handler + "' can't be called: " + fault.problem);
			assertThat(cause.action()).isEqualTo(fault.action);
		});
	}

	@ParameterizedTest
	@EnumSource(value = Fault.class, names = { "PRIVATE", "FINAL", "PACKAGE_PRIVATE_ELSEWHERE", "NOT_IN_INTERFACE" })
	void functionThatAProxyBreaksIsServedWithoutAProxy(Fault fault) {
		this.contextRunner.withUserConfiguration(fault.type).run((context) -> {
			assertThat(typesOf(context)).containsExactly("test/matrix");
			assertThat(AopUtils.isAopProxy(context.getBean(fault.type))).isFalse();
			byte[] request = ClusterRequest.v3("test/matrix", "joe").message(1).toByteArray();
			assertThat(context.getBean(RequestReplyHandler.class).handle(request).toCompletableFuture()).isCompleted();
		});
	}

	@Test
	void scopedBeanMethodIsServedOnceUnderItsProxysName() {
		this.contextRunner.withUserConfiguration(BeanMethod.class)
			.withInitializer((context) -> prepare(context, Standing.SCOPED_PROXY))
			.run((context) -> {
				assertThat(context).hasBean("scopedTarget.function");
				assertThat(functionsOf(context)).singleElement()
					.satisfies((function) -> assertThat(function.origin()).isEqualTo("bean 'function'"));
			});
	}

	@Test
	void recordFromABeanMethodIsServed() {
		this.contextRunner.withUserConfiguration(RecordMethod.class).run((context) -> {
			assertThat(context.getBean("function")).isInstanceOf(RecordFunction.class);
			assertThat(call(context, 2)).isEqualTo(42);
			assertThat(context.getBean(Probe.class).handled).isEqualTo(1);
		});
	}

	@Test
	void recordFromABeanMethodIsServedBehindAJdkProxy() {
		this.contextRunner.withUserConfiguration(RecordMethod.class, JdkAdvice.class).run((context) -> {
			assertThat(AopUtils.isJdkDynamicProxy(context.getBean("function"))).isTrue();
			assertThat(call(context, 2)).isEqualTo(42);
			assertThat(context.getBean(Probe.class).handled).isEqualTo(1);
			assertThat(context.getBean(Probe.class).advised).isEqualTo(1);
		});
	}

	@ParameterizedTest
	@EnumSource(names = { "NO_PROXY", "CGLIB", "JDK" })
	void interfaceFromABeanMethodIsServed(Standing standing) {
		requireServed(InterfaceMethod.class, standing);
	}

	@ParameterizedTest
	@EnumSource(names = { "NO_PROXY", "CGLIB", "JDK" })
	void objectFromABeanMethodIsServed(Standing standing) {
		requireServed(ObjectMethod.class, standing);
	}

	@Test
	void twoBeanMethodsOfOneClassAreTwoFunctions() {
		this.contextRunner.withUserConfiguration(TwoMethods.class, CglibAdvice.class).run((context) -> {
			assertThat(typesOf(context)).containsExactlyInAnyOrder("test/one", "test/two");
			for (String type : List.of("test/one", "test/two")) {
				assertThat(call(context, type, 2)).isEqualTo(42);
			}
			assertThat(context.getBean(Probe.class).handled).isEqualTo(2);
			assertThat(context.getBean(Probe.class).advised).isEqualTo(2);
		});
	}

	private void requireServed(Class<?> configuration, Standing standing) {
		ApplicationContextRunner runner = this.contextRunner.withUserConfiguration(configuration);
		runner.withUserConfiguration(standing.configuration).run((context) -> {
			standing.requireExercised(context, "function");
			assertThat(typesOf(context)).containsExactly("test/matrix");
			assertThat(call(context, 2)).isEqualTo(42);
			assertThat(context.getBean(Probe.class).handled).isEqualTo(1);
			assertThat(context.getBean(Probe.class).advised).isEqualTo(standing.hasAdvice() ? 1 : 0);
		});
	}

	private ApplicationContextRunner runner(Declaration declaration, Standing standing) {
		Class<?> source = (declaration == Declaration.BEAN_METHOD && standing.isFactoryBean()) ? FactoryBeanMethod.class
				: declaration.source;
		Probe other = new Probe();
		ApplicationContextRunner runner = this.contextRunner.withUserConfiguration(source)
			.withUserConfiguration(standing.configuration)
			.withInitializer((context) -> prepare(context, standing));
		return switch (standing) {
			case PROFILE_ACTIVE -> runner.withPropertyValues("spring.profiles.active=on");
			case PROFILE_INACTIVE -> runner.withPropertyValues("spring.profiles.active=off");
			case PRIMARY, OTHER_IS_PRIMARY ->
				runner.withBean("otherProbe", Probe.class, () -> other, (definition) -> definition.setFallback(true))
					.withBean("other", Plain.class, () -> new Plain(other),
							(definition) -> definition.setPrimary(standing == Standing.OTHER_IS_PRIMARY));
			default -> runner;
		};
	}

	// Applies what annotations beside @StatefulFunction would set on the bean definition
	private static void prepare(ConfigurableApplicationContext context, Standing standing) {
		context.getBeanFactory().registerScope("thread", new SimpleThreadScope());
		context.addBeanFactoryPostProcessor((factory) -> {
			for (String name : factory.getBeanNamesForType(Plain.class, true, false)) {
				if (!name.equals("other")) {
					standing.prepare((DefaultListableBeanFactory) factory, name);
				}
			}
		});
	}

	private static String nameOf(AssertableApplicationContext context, Standing standing) {
		return Arrays.stream(context.getBeanNamesForType(Adding.class))
			.filter((name) -> !name.equals("other") && !name.startsWith("scopedTarget."))
			.reduce((first, second) -> {
				throw new AssertionError(standing + " has two beans: " + first + ", " + second);
			})
			.orElseThrow();
	}

	private static List<FunctionDescriptor> functionsOf(AssertableApplicationContext context) {
		return context.getBean(StatefulFunctions.class).functions();
	}

	private static List<String> typesOf(AssertableApplicationContext context) {
		return functionsOf(context).stream().map((function) -> function.type().toString()).toList();
	}

	private static @Nullable Integer call(AssertableApplicationContext context, int amount) throws Exception {
		return call(context, "test/matrix", amount);
	}

	private static @Nullable Integer call(AssertableApplicationContext context, String type, int amount)
			throws Exception {
		byte[] request = ClusterRequest.v3(type, "joe").intState("total", 40).message(amount).toByteArray();
		CompletableFuture<byte[]> reply = context.getBean(RequestReplyHandler.class)
			.handle(request)
			.toCompletableFuture();
		return ClusterReply.v3(reply.get()).intStates().get("total");
	}

	private static InvalidFunctionException causeOf(@Nullable Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof InvalidFunctionException found) {
				return found;
			}
		}
		throw new AssertionError("not explained", failure);
	}

	enum Declaration {

		CLASS(OnClass.class), BEAN_METHOD(BeanMethod.class), META_ANNOTATION(OnMeta.class), INHERITED(OnSubclass.class),
		PLACEHOLDER(WithPlaceholder.class);

		private final Class<?> source;

		Declaration(Class<?> source) {
			this.source = source;
		}

	}

	enum Standing {

		NO_PROXY, CGLIB(CglibAdvice.class), JDK(JdkAdvice.class), TRANSACTIONAL(CglibTransactions.class),
		TRANSACTIONAL_JDK(JdkTransactions.class), VALIDATED(CglibValidation.class), VALIDATED_JDK(JdkValidation.class),
		SCOPED_PROXY(CglibAdvice.class), SCOPED_JDK_PROXY(JdkAdvice.class), SCOPED_WITHOUT_ADVICE,
		LAZY(CglibAdvice.class), PROTOTYPE(CglibAdvice.class), PRIMARY(CglibAdvice.class),
		OTHER_IS_PRIMARY(CglibAdvice.class), PROFILE_ACTIVE(CglibAdvice.class), PROFILE_INACTIVE(CglibAdvice.class),
		FACTORY_BEAN(CglibAdvice.class), FACTORY_BEAN_JDK(JdkAdvice.class);

		private final Class<?>[] configuration;

		Standing(Class<?>... configuration) {
			this.configuration = (configuration.length > 0) ? configuration : new Class<?>[] { NoAdvice.class };
		}

		private boolean hasAdvice() {
			return this.configuration[0] != NoAdvice.class;
		}

		private boolean validates() {
			return this == VALIDATED || this == VALIDATED_JDK;
		}

		private boolean isJdk() {
			return name().contains("JDK");
		}

		private boolean isScoped() {
			return name().startsWith("SCOPED");
		}

		private boolean isFactoryBean() {
			return name().startsWith("FACTORY_BEAN");
		}

		private void prepare(DefaultListableBeanFactory factory, String name) {
			BeanDefinition definition = factory.getBeanDefinition(name);
			if (this == LAZY) {
				definition.setLazyInit(true);
			}
			else if (this == PROTOTYPE) {
				definition.setScope(BeanDefinition.SCOPE_PROTOTYPE);
			}
			else if (this == PRIMARY) {
				definition.setPrimary(true);
			}
			else if (isScoped()) {
				definition.setScope("thread");
				BeanDefinitionHolder holder = ScopedProxyUtils
					.createScopedProxy(new BeanDefinitionHolder(definition, name), factory, !isJdk());
				replace(factory, name, holder.getBeanDefinition());
			}
			else if (isFactoryBean() && !name.equals("function")) {
				Class<?> product = Objects.requireNonNull(factory.getType(name));
				BeanDefinition producer = new RootBeanDefinition(ProducingFactory.class);
				producer.getConstructorArgumentValues().addIndexedArgumentValue(0, product);
				producer.setAttribute(FactoryBean.OBJECT_TYPE_ATTRIBUTE, product);
				replace(factory, name, producer);
			}
		}

		private static void replace(BeanDefinitionRegistry registry, String name, BeanDefinition definition) {
			registry.removeBeanDefinition(name);
			registry.registerBeanDefinition(name, definition);
		}

		// Checks that the bean is of the kind that the row names
		private void requireExercised(AssertableApplicationContext context, String name) {
			ConfigurableListableBeanFactory factory = (context.getSourceApplicationContext()).getBeanFactory();
			BeanDefinition definition = factory.getMergedBeanDefinition(name);
			Object bean = context.getBean(name);
			assertThat(AopUtils.isJdkDynamicProxy(bean)).isEqualTo(isJdk());
			assertThat(AopUtils.isCglibProxy(bean)).isEqualTo(!isJdk() && (hasAdvice() || isScoped()));
			assertThat(definition.isLazyInit()).isEqualTo(this == LAZY);
			assertThat(context.isPrototype(name)).isEqualTo(this == PROTOTYPE);
			assertThat(definition.isPrimary()).isEqualTo(this == PRIMARY);
			assertThat(context.containsBean("scopedTarget." + name)).isEqualTo(isScoped());
			if (isFactoryBean()) {
				assertThat(context.getBean("&" + name)).isInstanceOf(ProducingFactory.class);
			}
			if (this == PRIMARY) {
				assertThat(context.getBean(Plain.class)).isSameAs(bean);
			}
			if (this == OTHER_IS_PRIMARY) {
				assertThat(context.getBean(Plain.class)).isSameAs(context.getBean("other"));
			}
			if (this == PROFILE_ACTIVE) {
				assertThat(context.getEnvironment().getActiveProfiles()).containsExactly("on");
			}
		}

	}

	enum Fault {

		NOT_IN_INTERFACE(Unexposed.class, JdkAdvice.class, "Unexposed.on(int)",
				"the bean is a JDK proxy, and none of its interfaces has the method",
				"Declare the method in an interface of the bean, or let the proxy extend the class "
						+ "(spring.aop.proxy-target-class=true)"),

		PRIVATE(PrivateHandler.class, CglibAdvice.class, "PrivateHandler.on(int)",
				"it is private, so the bean's proxy can't pass calls on", "Remove 'private'"),

		FINAL(FinalHandler.class, CglibAdvice.class, "FinalHandler.on(int)",
				"it is final, so the bean's proxy can't pass calls on", "Remove 'final'"),

		PACKAGE_PRIVATE_ELSEWHERE(OfLibrary.class, CglibAdvice.class, "LibraryFunction.on(int)",
				"it is package-private in another package, so the bean's proxy can't pass calls on",
				"Make it protected or public"),

		ASYNC(AsyncHandler.class, AsyncConfiguration.class, "AsyncHandler.on(int)",
				"it is @Async, so it would still run when the batch has been answered, and its effects would be lost",
				"Remove @Async, and return a CompletionStage"),

		ASYNC_CLASS(AsyncClass.class, AsyncConfiguration.class, "AsyncClass.on(int)",
				"it is @Async, so it would still run when the batch has been answered, and its effects would be lost",
				"Remove @Async, and return a CompletionStage");

		private final Class<?> type;

		private final Class<?> configuration;

		private final String handler;

		private final String problem;

		private final String action;

		Fault(Class<?> type, Class<?> configuration, String handler, String problem, String action) {
			this.type = type;
			this.configuration = configuration;
			this.handler = handler;
			this.problem = problem;
			this.action = action;
		}

	}

	static class Probe {

		private int handled;

		private int advised;

		private int instances;

		private int rolledBack;

	}

	interface Adding {

		void on(@Max(100) int amount, PersistedValue<Integer> total);

	}

	// Annotated for every kind of advice; the configuration decides which runs
	@Validated
	static class Plain implements Adding {

		private final Probe probe;

		Plain(Probe probe) {
			this.probe = probe;
			this.probe.instances++;
		}

		@Override
		@Handler
		@Transactional
		public void on(int amount, @Persisted("total") PersistedValue<Integer> total) {
			this.probe.handled++;
			total.set(total.get().orElse(0) + amount);
		}

	}

	@Profile("!off")
	@StatefulFunction("test/matrix")
	static class OnClass extends Plain {

		OnClass(Probe probe) {
			super(probe);
		}

	}

	@Profile("!off")
	static class OnSubclass extends OnClass {

		OnSubclass(Probe probe) {
			super(probe);
		}

	}

	@Profile("!off")
	@StatefulFunction("${matrix.namespace}/${matrix.name:matrix}")
	static class WithPlaceholder extends Plain {

		WithPlaceholder(Probe probe) {
			super(probe);
		}

	}

	@Retention(RetentionPolicy.RUNTIME)
	@Target(ElementType.TYPE)
	@StatefulFunction("test/matrix")
	@interface MatrixFunction {

	}

	@Profile("!off")
	@MatrixFunction
	static class OnMeta extends Plain {

		OnMeta(Probe probe) {
			super(probe);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BeanMethod {

		@Bean
		@Profile("!off")
		@StatefulFunction("test/matrix")
		Plain function(Probe probe) {
			return new Plain(probe);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FactoryBeanMethod {

		@Bean
		@StatefulFunction("test/matrix")
		ProducingFactory<Plain> function(Probe probe) {
			return new ProducingFactory<>(Plain.class, probe);
		}

	}

	static class ProducingFactory<T extends Plain> implements FactoryBean<T> {

		private final Class<T> type;

		private final Probe probe;

		ProducingFactory(Class<T> type, Probe probe) {
			this.type = type;
			this.probe = probe;
		}

		@Override
		public T getObject() throws Exception {
			return BeanUtils.instantiateClass(this.type.getDeclaredConstructor(Probe.class), this.probe);
		}

		@Override
		public Class<?> getObjectType() {
			return this.type;
		}

	}

	record RecordFunction(Probe probe) implements Adding {

		@Override
		@Handler
		public void on(int amount, @Persisted("total") PersistedValue<Integer> total) {
			this.probe.handled++;
			total.set(total.get().orElse(0) + amount);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RecordMethod {

		@Bean
		@StatefulFunction("test/matrix")
		RecordFunction function(Probe probe) {
			return new RecordFunction(probe);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InterfaceMethod {

		@Bean
		@StatefulFunction("test/matrix")
		Adding function(Probe probe) {
			return new Plain(probe);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ObjectMethod {

		@Bean
		@StatefulFunction("test/matrix")
		Object function(Probe probe) {
			return new Plain(probe);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoMethods {

		@Bean
		@StatefulFunction("test/one")
		Plain one(Probe probe) {
			return new Plain(probe);
		}

		@Bean
		@StatefulFunction("test/two")
		Plain two(Probe probe) {
			return new OnClass(probe);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FaultyBeanMethod {

		@Bean
		@StatefulFunction("test/matrix")
		Object function(@Qualifier("made") Class<?> type) {
			return BeanUtils.instantiateClass(type);
		}

	}

	interface Marker {

		default void mark() {
		}

	}

	@StatefulFunction("test/matrix")
	static class Unexposed implements Marker {

		@Handler
		void on(int message) {
		}

	}

	@StatefulFunction("test/matrix")
	static class PrivateHandler {

		@Handler
		private void on(int message) {
		}

		void on() {
		}

	}

	@StatefulFunction("test/matrix")
	static class FinalHandler {

		@Handler
		final void on(int message) {
		}

	}

	@StatefulFunction("test/matrix")
	static class OfLibrary extends LibraryFunction {

		void on() {
		}

	}

	@StatefulFunction("test/matrix")
	static class AsyncHandler {

		@Async
		@Handler
		void on(int message) {
		}

	}

	@Async
	@StatefulFunction("test/matrix")
	static class AsyncClass {

		@Handler
		void on(int message) {
		}

	}

	@EnableAsync(proxyTargetClass = true)
	@Configuration(proxyBeanMethods = false)
	static class AsyncConfiguration {

	}

	@Configuration(proxyBeanMethods = false)
	static class NoAdvice {

	}

	@Configuration(proxyBeanMethods = false)
	static class CglibAdvice {

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static DefaultAdvisorAutoProxyCreator proxyCreator() {
			DefaultAdvisorAutoProxyCreator creator = new DefaultAdvisorAutoProxyCreator();
			creator.setProxyTargetClass(true);
			return creator;
		}

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static DefaultPointcutAdvisor advisor(ObjectProvider<Probe> probe) {
			NameMatchMethodPointcut pointcut = new NameMatchMethodPointcut().addMethodName("on").addMethodName("mark");
			pointcut.setClassFilter((type) -> type.getName().startsWith(DiscoveryMatrixTests.class.getName()));
			return new DefaultPointcutAdvisor(pointcut, (MethodInterceptor) (invocation) -> {
				probe.getObject().advised++;
				return invocation.proceed();
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class JdkAdvice {

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static DefaultAdvisorAutoProxyCreator proxyCreator() {
			return new DefaultAdvisorAutoProxyCreator();
		}

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static DefaultPointcutAdvisor advisor(ObjectProvider<Probe> probe) {
			return CglibAdvice.advisor(probe);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement(proxyTargetClass = true)
	static class CglibTransactions {

		@Bean
		static PlatformTransactionManager transactionManager(Probe probe) {
			return new CountingTransactionManager(probe);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	static class JdkTransactions {

		@Bean
		static PlatformTransactionManager transactionManager(Probe probe) {
			return new CountingTransactionManager(probe);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CglibValidation {

		@Bean
		static MethodValidationPostProcessor validation() {
			MethodValidationPostProcessor validation = new MethodValidationPostProcessor();
			validation.setProxyTargetClass(true);
			return validation;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class JdkValidation {

		@Bean
		static MethodValidationPostProcessor validation() {
			return new MethodValidationPostProcessor();
		}

	}

	static class CountingTransactionManager implements PlatformTransactionManager {

		private final Probe probe;

		CountingTransactionManager(Probe probe) {
			this.probe = probe;
		}

		@Override
		public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
			return new SimpleTransactionStatus();
		}

		@Override
		public void commit(TransactionStatus status) {
			this.probe.advised++;
		}

		@Override
		public void rollback(TransactionStatus status) {
			this.probe.rolledBack++;
		}

	}

}
