package dev.statefun.spring.boot.autoconfigure.aot;

import java.util.Map;

import dev.statefun.sdk.FunctionHandler;
import dev.statefun.spring.FunctionBeanDiscoverer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.core.log.LogMessage;

/**
 * Registers hints for beans that are functions: reflection on their handlers, and on the
 * types of messages, results and states. Only bean definitions are read; no bean is
 * created.
 */
final class StatefulFunctionsAotProcessor implements BeanFactoryInitializationAotProcessor {

	private static final Log logger = LogFactory.getLog(StatefulFunctionsAotProcessor.class);

	@Override
	public BeanFactoryInitializationAotContribution processAheadOfTime(ConfigurableListableBeanFactory beanFactory) {
		Environment environment = beanFactory.getBean(Environment.class);
		Map<String, Class<?>> functions = new FunctionBeanDiscoverer(beanFactory).handlerClasses();
		AnnotatedMessageTypes marked = AnnotatedMessageTypes.of(beanFactory, environment);
		ExceptionTypes exceptions = ExceptionTypes.of(environment);
		BuildTimeSettings settings = BuildTimeSettings.of(environment);
		return (context, code) -> {
			ReflectionHints hints = context.getRuntimeHints().reflection();
			MessageHints messages = new MessageHints(hints, beanFactory.getBeanClassLoader());
			FunctionHints function = new FunctionHints(hints, messages);
			// For lambdas, which have nothing else to look up
			function.register(FunctionHandler.class);
			functions.forEach((name, type) -> {
				if (!function.register(type)) {
					logger.warn(LogMessage.format("Bean '%s': found no handlers in '%s', the type that its "
							+ "definition has, so there are no hints for it. Let its @Bean method return the class "
							+ "that has the handlers", name, type.getName()));
				}
			});
			marked.types().forEach(messages::register);
			exceptions.registerHints(hints);
			code.addInitializer(settings.check(context));
		};
	}

}
