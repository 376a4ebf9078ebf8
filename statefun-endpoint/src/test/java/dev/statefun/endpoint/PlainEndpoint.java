package dev.statefun.endpoint;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import dev.statefun.endpoint.access.AccessRefusal;
import dev.statefun.endpoint.access.AllowedAddresses;
import dev.statefun.endpoint.access.EndpointAccess;
import dev.statefun.endpoint.access.EndpointRestrictions;
import dev.statefun.endpoint.failure.FailureLog;
import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.endpoint.traffic.ArrivalLimits;
import dev.statefun.endpoint.traffic.Redeliveries;
import dev.statefun.endpoint.traffic.TrafficListener;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;

/**
 * Uses the module with the class path that it has by itself.
 */
public final class PlainEndpoint {

	private PlainEndpoint() {
	}

	/**
	 * Take requests through an endpoint.
	 * @return the statuses
	 */
	public static String run() {
		BodyLimits bodies = new BodyLimits(new Admission(1, 1000, Duration.ZERO), 1000,
				new ArrivalLimits(Duration.ofSeconds(30), 0, Duration.ZERO));
		Endpoint endpoint = new Endpoint(bodies, new Redeliveries(Duration.ofSeconds(30), 1000),
				new FailureLog(InstantSource.system()), TrafficListener.NONE);
		EndpointAccess access = new EndpointAccess(
				new EndpointRestrictions(false, AllowedAddresses.parse(List.of("127.0.0.1")), null),
				InstantSource.system(), TrafficListener.NONE);
		RequestReplyHandler handler = new RequestReplyHandler(StatefulFunctions.builder().build());
		AccessRefusal refusal = access.check("10.1.2.3", false, "");
		return status(endpoint, bodies, (body) -> CompletableFuture.completedFuture(body)) + ", "
				+ status(endpoint, bodies, handler::handle) + ", " + ((refusal != null) ? refusal.status() : 200);
	}

	private static int status(Endpoint endpoint, BodyLimits bodies, Function<byte[], CompletionStage<byte[]>> batches) {
		Arrival arrival = bodies.begin(1);
		if (arrival.hasRoom()) {
			arrival.array()[0] = 1;
			arrival.arrived(1);
		}
		Exchange exchange = endpoint.admitted(arrival, arrival.end());
		exchange.proceed(batches);
		Throwable failure = exchange.failure();
		exchange.close();
		return (failure != null) ? endpoint.fail(failure).status() : 200;
	}

}
