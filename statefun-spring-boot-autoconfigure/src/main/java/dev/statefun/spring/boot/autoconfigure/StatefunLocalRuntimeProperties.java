package dev.statefun.spring.boot.autoconfigure;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.statefun.sdk.egress.EgressId;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties for the local runtime.
 *
 * @param enabled Whether to run a StateFun runtime in this process, for development.
 * @param address Address at which the local runtime listens.
 * @param ingressPort Port that takes messages; 0 for any that is free.
 * @param egressPort Port that hands out what was sent to egresses; 0 for any that is
 * free.
 * @param egressWait How long a request for a payload waits for one.
 * @param egresses Comma-separated list of the egresses that there are; when not set, all
 * are known.
 * @param forbiddenProfiles Comma-separated list of the profiles with which the
 * application does not start while the local runtime is enabled.
 * @param snapshot File in which states and waiting messages outlive the process; when not
 * set, they don't.
 * @param snapshotInterval How often the file is written if something has changed.
 * @param maxRequestSize Largest body of a message.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.local-runtime")
public record StatefunLocalRuntimeProperties(@DefaultValue("false") boolean enabled,
		@DefaultValue("127.0.0.1") InetAddress address, @DefaultValue("8090") int ingressPort,
		@DefaultValue("8091") int egressPort, @DefaultValue("1s") Duration egressWait,
		@DefaultValue List<String> egresses, List<String> forbiddenProfiles, @Nullable Path snapshot,
		@DefaultValue("5s") Duration snapshotInterval, @DefaultValue("32MB") DataSize maxRequestSize) {

	private static final List<String> FORBIDDEN_PROFILES = List.of("prod", "production");

	/**
	 * Create the properties.
	 * @param enabled whether to run a local runtime
	 * @param address address at which it listens
	 * @param ingressPort port that takes messages
	 * @param egressPort port that hands out what was sent to egresses
	 * @param egressWait how long a request for a payload waits for one
	 * @param egresses ids of the egresses that there are, none for all
	 * @param forbiddenProfiles profiles with which the application does not start
	 * @param snapshot file for states and waiting messages
	 * @param snapshotInterval how often the file is written
	 * @param maxRequestSize largest body of a message
	 */
	public StatefunLocalRuntimeProperties {
		requirePort(ingressPort, "ingress-port");
		requirePort(egressPort, "egress-port");
		Assert.isTrue(snapshotInterval.compareTo(Duration.ofMillis(1)) >= 0,
				() -> "'statefun.local-runtime.snapshot-interval' is " + snapshotInterval
						+ "; expected at least one millisecond");
		Assert.isTrue(!maxRequestSize.isNegative() && maxRequestSize.toBytes() <= 1 << 30,
				() -> "'statefun.local-runtime.max-request-size' is " + maxRequestSize + "; expected 0 to 1GB");
		egresses = List.copyOf(egresses);
		egresses.forEach(EgressId::parse);
		// Null when not set: the binder knows no default of several values that
		// could be emptied
		forbiddenProfiles = (forbiddenProfiles != null) ? List.copyOf(forbiddenProfiles) : FORBIDDEN_PROFILES;
	}

	private static void requirePort(int port, String name) {
		Assert.isTrue(port >= 0 && port <= 0xffff,
				() -> "'statefun.local-runtime." + name + "' is " + port + "; expected 0 to 65535");
	}

}
