package dev.statefun.spring.boot.test.autoconfigure;

import dev.statefun.flink.cluster.FlinkCluster;
import dev.statefun.flink.cluster.FlinkRelease;
import dev.statefun.module.ModuleFormat;
import dev.statefun.module.ModuleGenerator;

import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Submits the application's module to the cluster, once the port of the application is
 * known.
 */
final class FlinkClusterSubmission implements SmartLifecycle {

	private final ApplicationContext context;

	private final FlinkRelease release;

	private volatile boolean running;

	FlinkClusterSubmission(ApplicationContext context, FlinkRelease release) {
		this.context = context;
		this.release = release;
	}

	// In the last phase, as without another one: after the web server
	@Override
	public void start() {
		if (!this.context.getEnvironment().containsProperty("local.server.port")) {
			throw new IllegalStateException("The application has no web server that a cluster could call; use "
					+ "@FlinkClusterTest together with @SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)");
		}
		ModuleFormat format = (this.release == FlinkRelease.STATEFUN_2_2) ? ModuleFormat.V2 : ModuleFormat.V3;
		this.context.getBean(FlinkCluster.class).submit(this.context.getBean(ModuleGenerator.class).generate(format));
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
