package dev.statefun.console.record;

import java.time.InstantSource;
import java.util.Locale;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.failure.CauseChain;
import dev.statefun.sdk.listener.BatchObserver;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.sdk.listener.BatchScope;
import org.jspecify.annotations.Nullable;

/**
 * Records the requests that the functions have answered, while the recording is on.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class RequestRecorder implements BatchObserver {

	static final BatchScope.ThreadScope NO_THREAD = new BatchScope.ThreadScope() {

		@Override
		public void invoking(Context context) {
		}

		@Override
		public void leave() {
		}

	};

	private static final BatchScope NOTHING = new BatchScope() {

		@Override
		public ThreadScope enter() {
			return NO_THREAD;
		}

		@Override
		public void end(BatchReport report) {
		}

	};

	private final Recording recording;

	private final InstantSource clock;

	/**
	 * Create a recorder.
	 * @param recording takes the requests
	 * @param clock provides times
	 */
	public RequestRecorder(Recording recording, InstantSource clock) {
		this.recording = recording;
		this.clock = clock;
	}

	@Override
	public BatchScope follow(Address self) {
		return this.recording.isOn() ? new Request(self) : NOTHING;
	}

	/**
	 * A request that is recorded when it ends.
	 */
	private final class Request implements BatchScope {

		private final Address self;

		Request(Address self) {
			this.self = self;
		}

		@Override
		public ThreadScope enter() {
			return NO_THREAD;
		}

		@Override
		public void end(BatchReport report) {
			String outcome = report.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-');
			String failure = line(report.failure());
			RequestRecorder.this.recording.request((seq) -> new RequestRecord(seq, "batch",
					RequestRecorder.this.clock.instant(), this.self.type().toString(), this.self.id(), outcome,
					report.duration(), report.invocations(), report.requestSize(), report.replySize(), failure));
		}

		private static @Nullable String line(@Nullable Throwable failure) {
			if (failure == null) {
				return null;
			}
			String text = CauseChain.messageOf(failure);
			return failure.getClass().getSimpleName() + ((text != null) ? ": " + text : "");
		}

	}

}
