package dev.statefun.benchmarks.http;

import dev.statefun.benchmarks.workload.Names;
import dev.statefun.benchmarks.workload.OurFunctions;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.StatefulFunction;
import jakarta.servlet.http.HttpServlet;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;

/**
 * A service with the starter, and two servlets on the same server for comparison. No
 * component scan, as there are other services in this package.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class BootServer {

	public static void main(String[] args) {
		SpringApplication.run(BootServer.class, args);
	}

	@Bean
	@StatefulFunction(Names.COUNTER)
	OurFunctions.Counter counter() {
		return new OurFunctions.Counter();
	}

	@Bean
	ServletRegistrationBean<HttpServlet> bareServlet(StatefulFunctions functions) {
		return new ServletRegistrationBean<>(new BareServlet(BareServlet.fixed(new RequestReplyHandler(functions))),
				"/bare");
	}

	@Bean
	ServletRegistrationBean<HttpServlet> sdkServlet(StatefulFunctions functions) {
		RequestReplyHandler handler = new RequestReplyHandler(functions);
		return new ServletRegistrationBean<>(
				new BareServlet((request) -> handler.handle(request).toCompletableFuture().join()), "/sdk");
	}

}
