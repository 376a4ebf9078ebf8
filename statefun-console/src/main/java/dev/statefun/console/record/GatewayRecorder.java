package dev.statefun.console.record;

import java.time.Duration;
import java.time.InstantSource;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.failure.CauseChain;
import dev.statefun.spring.gateway.GatewayRequest;
import dev.statefun.spring.gateway.client.RequestObserver;
import org.jspecify.annotations.Nullable;

/**
 * Records requests through the gateway, while the recording is on. Thread-safe.
 *
 * @since 0.1.0
 */
public final class GatewayRecorder implements RequestObserver {

	private final Recording recording;

	private final InstantSource clock;

	/**
	 * Create a recorder.
	 * @param recording takes the requests
	 * @param clock provides times
	 */
	public GatewayRecorder(Recording recording, InstantSource clock) {
		this.recording = recording;
		this.clock = clock;
	}

	@Override
	public ObservedRequest begin(Address target, GatewayRequest.Kind kind) {
		return this.recording.isOn() ? new Request(target) : ObservedRequest.NONE;
	}

	/**
	 * A request that is recorded when it ends.
	 */
	private final class Request implements ObservedRequest {

		private final Address target;

		private final long began = System.nanoTime();

		Request(Address target) {
			this.target = target;
		}

		@Override
		public void end(String outcome, @Nullable Throwable failure) {
			Duration duration = Duration.ofNanos(System.nanoTime() - this.began);
			String text = (failure != null) ? CauseChain.messageOf(failure) : null;
			GatewayRecorder.this.recording
				.request((seq) -> new RequestRecord(seq, "gateway", GatewayRecorder.this.clock.instant(),
						this.target.type().toString(), this.target.id(), outcome, duration, 1, null, null, text));
		}

	}

}
