package dev.statefun.sdk.handler;

import java.util.List;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.listener.BatchObserver;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.sdk.listener.BatchScope;
import org.jspecify.annotations.Nullable;

/**
 * Composite observer. Ends batches and leaves threads in reverse order.
 *
 * @param first observer that is called first
 * @param second observer that is called after it
 */
record BatchObservers(BatchObserver first, BatchObserver second) implements BatchObserver {

	static @Nullable BatchObserver of(List<BatchObserver> observers) {
		return observers.stream().reduce(BatchObservers::new).orElse(null);
	}

	@Override
	public BatchScope follow(Address self) {
		return new Scopes(this.first.follow(self), this.second.follow(self));
	}

	private record Scopes(BatchScope first, BatchScope second) implements BatchScope {

		@Override
		public ThreadScope enter() {
			return new ThreadScopes(this.first.enter(), this.second.enter());
		}

		@Override
		public void end(BatchReport report) {
			this.second.end(report);
			this.first.end(report);
		}

	}

	private record ThreadScopes(BatchScope.ThreadScope first,
			BatchScope.ThreadScope second) implements BatchScope.ThreadScope {

		@Override
		public void invoking(Context context) {
			this.first.invoking(context);
			this.second.invoking(context);
		}

		@Override
		public void leave() {
			this.second.leave();
			this.first.leave();
		}

	}

}
