package dev.statefun.spring.boot.autoconfigure.local;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.statefun.sdk.egress.EgressId;
import dev.statefun.spring.boot.autoconfigure.internal.ForbiddenProfiles;
import dev.statefun.spring.boot.autoconfigure.internal.PropertyRange;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties for the local runtime.
 *
 * @param enabled Whether to run a StateFun runtime in this process, for development.
 * @param address Address on which the local runtime listens.
 * @param ingressPort Port that accepts messages, 0 to 65535; 0 for any free port.
 * @param egressPort Port that serves payloads sent to egresses, 0 to 65535; 0 for any
 * free port.
 * @param egressWait Maximum time that a request waits for a payload; 0s to 7d.
 * @param egresses Comma-separated list of known egresses, in addition to those that other
 * properties name; when not set, all egresses are known.
 * @param forbiddenProfiles Comma-separated list of profiles that keep the application
 * from starting while the local runtime is enabled.
 * @param snapshot File that keeps states and waiting messages across restarts; when not
 * set, they are lost.
 * @param snapshotInterval Interval at which the file is written if something has changed;
 * 1ms to 7d.
 * @param maxRequestSize Maximum size of the body of a message; 0B to 1GB.
 * @param clock Clock of the local runtime; 'ahead' is the wall clock plus a time that a
 * console or the application adds to.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.local-runtime")
public record StatefunLocalRuntimeProperties(@DefaultValue("false") boolean enabled,
		@DefaultValue("127.0.0.1") InetAddress address, @DefaultValue("8090") int ingressPort,
		@DefaultValue("8091") int egressPort, @DefaultValue("1s") Duration egressWait,
		@DefaultValue List<String> egresses, List<String> forbiddenProfiles, @Nullable Path snapshot,
		@DefaultValue("5s") Duration snapshotInterval, @DefaultValue("32MB") DataSize maxRequestSize,
		@DefaultValue("real") Clock clock) {

	private static final PropertyRange<DataSize> MESSAGE_SIZE = PropertyRange.ofSize("0B", "1GB");

	/** Profiles that are forbidden unless a property says otherwise. */
	public static final List<String> FORBIDDEN_PROFILES = ForbiddenProfiles.DEFAULT;

	/**
	 * Create the properties.
	 * @param enabled whether to run a local runtime
	 * @param address address on which it listens
	 * @param ingressPort port that accepts messages
	 * @param egressPort port that serves payloads sent to egresses
	 * @param egressWait maximum time that a request waits for a payload
	 * @param egresses ids of known egresses, empty for all
	 * @param forbiddenProfiles profiles that keep the application from starting
	 * @param snapshot file for states and waiting messages
	 * @param snapshotInterval interval at which the file is written
	 * @param maxRequestSize maximum size of the body of a message
	 * @param clock clock of the runtime
	 */
	public StatefunLocalRuntimeProperties {
		PropertyRange.PORT.check("statefun.local-runtime.ingress-port", ingressPort);
		PropertyRange.PORT.check("statefun.local-runtime.egress-port", egressPort);
		PropertyRange.TIME.check("statefun.local-runtime.egress-wait", egressWait);
		PropertyRange.POSITIVE_TIME.check("statefun.local-runtime.snapshot-interval", snapshotInterval);
		MESSAGE_SIZE.check("statefun.local-runtime.max-request-size", maxRequestSize);
		egresses = List.copyOf(egresses);
		egresses.forEach(EgressId::parse);
		// Null when not set: the binder has no default of several values that could be
		// emptied
		forbiddenProfiles = (forbiddenProfiles != null) ? List.copyOf(forbiddenProfiles) : FORBIDDEN_PROFILES;
	}

	/**
	 * Clocks of a local runtime.
	 */
	public enum Clock {

		/** The wall clock. */
		REAL,

		/** The wall clock plus a time that only grows. */
		AHEAD

	}

}
