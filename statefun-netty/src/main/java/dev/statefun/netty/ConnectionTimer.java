package dev.statefun.netty;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection that is idle for too long. Starting and stopping it for each
 * request is cheap: one task at most is scheduled, and looks at the time when it is due.
 * Used on the event loop.
 */
final class ConnectionTimer {

	private final Channel channel;

	private boolean running;

	/** Time at which the connection is closed, if the timer runs. */
	private long deadline;

	private @Nullable Future<?> check;

	/** Time of the next check, if one is scheduled. */
	private long checkAt;

	ConnectionTimer(Channel channel) {
		this.channel = channel;
	}

	/**
	 * Start, or start again.
	 * @param time maximum time until {@link #stop()}
	 */
	void start(Duration time) {
		long nanos = time.toNanos();
		this.deadline = System.nanoTime() + nanos;
		this.running = true;
		Future<?> scheduled = this.check;
		if (scheduled != null) {
			if (this.checkAt - this.deadline <= 0) {
				return;
			}
			scheduled.cancel(false);
		}
		schedule(nanos);
	}

	private void schedule(long nanos) {
		this.checkAt = this.deadline;
		this.check = this.channel.eventLoop().schedule(this::check, nanos, TimeUnit.NANOSECONDS);
	}

	private void check() {
		this.check = null;
		if (!this.running) {
			return;
		}
		long left = this.deadline - System.nanoTime();
		if (left > 0) {
			schedule(left);
		}
		else {
			this.channel.close();
		}
	}

	/**
	 * Stop: the connection may be idle.
	 */
	void stop() {
		this.running = false;
	}

	/**
	 * End with the connection.
	 */
	void end() {
		this.running = false;
		Future<?> scheduled = this.check;
		if (scheduled != null) {
			scheduled.cancel(false);
		}
	}

}
