package dev.statefun.spring.boot.autoconfigure.netty;

import java.time.Duration;
import java.util.function.Supplier;

import dev.statefun.netty.BindFailedException;
import dev.statefun.netty.NettyEndpointServer;
import dev.statefun.spring.boot.autoconfigure.internal.OwnPort;
import dev.statefun.spring.boot.autoconfigure.internal.ServerConnections;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.log.LogMessage;

/**
 * Starts and stops the Netty server of the endpoint, in the phase of Boot's servers. The
 * batches in flight have ended before, unless they took too long. Its threads keep an
 * application without another server alive.
 */
final class NettyServerLifecycle implements SmartLifecycle, DisposableBean, ServerConnections {

	private static final Log logger = LogFactory.getLog(NettyServerLifecycle.class);

	/** Phase of Boot's servers, which are not on the class path of each application. */
	static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 2048;

	/** Time for the last answers. */
	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

	private final Supplier<NettyEndpointServer> servers;

	private final String description;

	private final ConfigurableApplicationContext context;

	private volatile @Nullable NettyEndpointServer running;

	/**
	 * Create a lifecycle.
	 * @param servers creates the server for each start
	 * @param description protocol and path of the endpoint
	 * @param context the application
	 */
	NettyServerLifecycle(Supplier<NettyEndpointServer> servers, String description,
			ConfigurableApplicationContext context) {
		this.servers = servers;
		this.description = description;
		this.context = context;
	}

	@Override
	public synchronized void start() {
		if (this.running != null) {
			return;
		}
		NettyEndpointServer server = this.servers.get();
		try {
			server.start();
		}
		catch (BindFailedException ex) {
			throw OwnPort.unavailable(ex.address().getPort(),
					NestedExceptionUtils.getMostSpecificCause(ex).getMessage());
		}
		this.running = server;
		OwnPort.publish(server.port(), this.context);
		logger
			.info(LogMessage.format("Netty started with the endpoint on port %d %s", server.port(), this.description));
	}

	@Override
	public synchronized void stop() {
		NettyEndpointServer server = this.running;
		this.running = null;
		if (server != null) {
			server.stop(STOP_TIMEOUT);
		}
	}

	// A start-up that fails later may not stop what it has started
	@Override
	public void destroy() {
		stop();
	}

	@Override
	public boolean isRunning() {
		return this.running != null;
	}

	@Override
	public int open() {
		NettyEndpointServer server = this.running;
		return (server != null) ? server.connections() : 0;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
