package dev.statefun.console.record;

import java.util.List;

/**
 * Switches the recording on, always or only while a page of the console is open. While it
 * is off, nothing listens to the runtime.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class RecordingSwitch {

	private final Object lock = new Object();

	private final Recording recording;

	private final boolean always;

	private final List<Source> sources;

	private int pages;

	private boolean stopped;

	/**
	 * Create a switch that is off.
	 * @param recording the recording
	 * @param always whether to record while no page is open, too
	 * @param sources what is recorded
	 */
	public RecordingSwitch(Recording recording, boolean always, List<Source> sources) {
		this.recording = recording;
		this.always = always;
		this.sources = List.copyOf(sources);
	}

	/**
	 * Return whether to record while no page is open, too.
	 * @return whether the recording is always on
	 */
	public boolean isAlways() {
		return this.always;
	}

	/**
	 * Start, as the application has.
	 */
	public void start() {
		synchronized (this.lock) {
			this.stopped = false;
			if (this.always) {
				on();
			}
		}
	}

	/**
	 * Stop, as the application does.
	 */
	public void stop() {
		synchronized (this.lock) {
			this.stopped = true;
			off();
		}
	}

	/**
	 * A page was opened.
	 */
	public void opened() {
		synchronized (this.lock) {
			this.pages++;
			if (!this.stopped) {
				on();
			}
		}
	}

	/**
	 * A page was closed.
	 */
	public void closed() {
		synchronized (this.lock) {
			this.pages--;
			if (this.pages == 0 && !this.always) {
				off();
			}
		}
	}

	private void on() {
		if (!this.recording.isOn()) {
			this.recording.begin();
			this.sources.forEach(Source::attach);
		}
	}

	private void off() {
		if (this.recording.isOn()) {
			this.sources.forEach(Source::detach);
			this.recording.stop();
		}
	}

	/**
	 * What is recorded.
	 */
	public interface Source {

		/**
		 * Begin to listen.
		 */
		void attach();

		/**
		 * Stop listening.
		 */
		void detach();

	}

}
