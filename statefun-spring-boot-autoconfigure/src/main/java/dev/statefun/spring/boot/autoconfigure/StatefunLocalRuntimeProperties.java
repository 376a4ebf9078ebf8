package dev.statefun.spring.boot.autoconfigure;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.statefun.sdk.egress.EgressId;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties for the local runtime.
 *
 * @param enabled Whether to run a StateFun runtime in this process, for development.
 * @param address Address at which the local runtime listens.
 * @param ingressPort Port that takes messages, 0 to 65535; 0 for any that is free.
 * @param egressPort Port that hands out what was sent to egresses, 0 to 65535; 0 for any
 * that is free.
 * @param egressWait How long a request for a payload waits for one; 0s to 7d.
 * @param egresses Comma-separated list of the egresses that there are, besides those that
 * other properties name; when not set, all are known.
 * @param forbiddenProfiles Comma-separated list of the profiles with which the
 * application does not start while the local runtime is enabled.
 * @param snapshot File in which states and waiting messages outlive the process; when not
 * set, they don't.
 * @param snapshotInterval How often the file is written if something has changed; 1ms to
 * 7d.
 * @param maxRequestSize Largest body of a message; 0B to 1GB.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.local-runtime")
public record StatefunLocalRuntimeProperties(@DefaultValue("false") boolean enabled,
		@DefaultValue("127.0.0.1") InetAddress address, @DefaultValue("8090") int ingressPort,
		@DefaultValue("8091") int egressPort, @DefaultValue("1s") Duration egressWait,
		@DefaultValue List<String> egresses, List<String> forbiddenProfiles, @Nullable Path snapshot,
		@DefaultValue("5s") Duration snapshotInterval, @DefaultValue("32MB") DataSize maxRequestSize) {

	private static final PropertyRange<DataSize> MESSAGE_SIZE = PropertyRange.ofSize("0B", "1GB");

	static final List<String> FORBIDDEN_PROFILES = List.of("prod", "production");

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
		PropertyRange.PORT.check("statefun.local-runtime.ingress-port", ingressPort);
		PropertyRange.PORT.check("statefun.local-runtime.egress-port", egressPort);
		PropertyRange.TIME.check("statefun.local-runtime.egress-wait", egressWait);
		PropertyRange.POSITIVE_TIME.check("statefun.local-runtime.snapshot-interval", snapshotInterval);
		MESSAGE_SIZE.check("statefun.local-runtime.max-request-size", maxRequestSize);
		egresses = List.copyOf(egresses);
		egresses.forEach(EgressId::parse);
		// Null when not set: the binder knows no default of several values that
		// could be emptied
		forbiddenProfiles = (forbiddenProfiles != null) ? List.copyOf(forbiddenProfiles) : FORBIDDEN_PROFILES;
	}

}
