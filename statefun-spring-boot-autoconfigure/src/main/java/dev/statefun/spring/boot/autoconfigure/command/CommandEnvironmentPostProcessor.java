package dev.statefun.spring.boot.autoconfigure.command;

import java.util.HashMap;
import java.util.Map;

import dev.statefun.spring.FunctionBeanDiscoverer;
import dev.statefun.spring.boot.autoconfigure.internal.WebType;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Makes an application write or check its files instead of serving, if properties request
 * that. The application then has no web server, creates beans only on demand, and starts
 * nothing: neither lifecycles nor runners nor listeners.
 */
final class CommandEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	private static final String PROPERTY_SOURCE = "statefunCommand";

	private final ConfigurableBootstrapContext bootstrap;

	CommandEnvironmentPostProcessor(ConfigurableBootstrapContext bootstrap) {
		this.bootstrap = bootstrap;
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		CommandRequest request = CommandRequest.from(environment);
		// AOT processing is for the service, whatever properties a later start has
		if (request.isEmpty() || Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
			return;
		}
		CommandProcess registered = this.bootstrap.getOrElse(CommandProcess.class, null);
		CommandProcess process = (registered != null) ? registered : new CommandProcess();
		if (request.writesToStandardOutput()) {
			process.reserveOutput();
		}
		environment.getPropertySources()
			.addFirst(new MapPropertySource(PROPERTY_SOURCE, properties(WebType.of(environment, application))));
		application.addListeners(new CommandFailureListener(process));
		application.addInitializers((context) -> prepare(context, request, process));
	}

	private static Map<String, Object> properties(String webType) {
		Map<String, Object> properties = new HashMap<>();
		properties.put(WebType.OF_SERVICE, webType);
		properties.put("spring.main.web-application-type", "none");
		properties.put("spring.main.banner-mode", "off");
		properties.put("spring.docker.compose.enabled", "false");
		properties.put("statefun.local-runtime.enabled", "false");
		return properties;
	}

	private static void prepare(ConfigurableApplicationContext context, CommandRequest request,
			CommandProcess process) {
		ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
		beanFactory.registerSingleton("statefunFunctionBeanDiscoverer", FunctionBeanDiscoverer.ofTypes(beanFactory));
		beanFactory.registerSingleton(AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME,
				new CommandLifecycleProcessor(context, request, process));
		context.addBeanFactoryPostProcessor(CommandEnvironmentPostProcessor::makeLazy);
	}

	// Also beans that are marked as never lazy: that is meant to stop a service, not a
	// command
	private static void makeLazy(ConfigurableListableBeanFactory beanFactory) {
		for (String name : beanFactory.getBeanDefinitionNames()) {
			beanFactory.getBeanDefinition(name).setLazyInit(true);
		}
	}

	// After the files with the application's properties have been read
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
