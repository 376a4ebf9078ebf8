package dev.statefun.console.view;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.statefun.console.http.Answer;
import dev.statefun.console.http.ConsoleException;
import dev.statefun.console.http.ConsoleRequest;
import dev.statefun.console.http.ConsoleView;
import dev.statefun.console.http.EventStream;
import dev.statefun.console.http.JsonObject;
import dev.statefun.console.http.Problem;
import dev.statefun.console.http.Routes;
import dev.statefun.console.record.ConsoleEvent;
import dev.statefun.console.record.EgressRecord;
import dev.statefun.console.record.EventLog;
import dev.statefun.console.record.FailureLog;
import dev.statefun.console.record.FailureRecord;
import dev.statefun.console.record.MessageRecord;
import dev.statefun.console.record.Recording;
import dev.statefun.console.record.RecordingSwitch;
import dev.statefun.console.record.RequestRecord;
import dev.statefun.console.runtime.ConsoleRuntime;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * Sends events to pages that are open. Each page has a thread, so that a slow one delays
 * no other; without pages there is none. What a page can't take in time is counted only.
 * <p>
 * Ends all streams before the server stops, which would wait for them.
 *
 * @since 0.1.0
 */
public final class EventStreams implements ConsoleView, SmartLifecycle {

	private static final int MAX_STREAMS = 32;

	private static final int MAX_EVENTS = 100;

	private static final long INTERVAL = 200;

	private static final long HEARTBEAT = 15_000;

	private final AtomicInteger open = new AtomicInteger();

	private final String boot;

	private final Recording recording;

	private final FailureLog failures;

	private final RecordWriter writer;

	private final RecordingSwitch recordingSwitch;

	private final boolean sendable;

	private final @Nullable ConsoleRuntime runtime;

	private final long linger;

	private volatile boolean running;

	/**
	 * Create the streams.
	 * @param boot text that changes with each start of the application
	 * @param recording what was recorded
	 * @param failures the failures
	 * @param writer writes them
	 * @param recordingSwitch switches the recording on while a page is open
	 * @param runtime the runtime, if there is one
	 * @param linger time in milliseconds for which a closed page counts as open, as it
	 * may be loaded again
	 */
	public EventStreams(String boot, Recording recording, FailureLog failures, RecordWriter writer,
			RecordingSwitch recordingSwitch, @Nullable ConsoleRuntime runtime, long linger) {
		this.boot = boot;
		this.recording = recording;
		this.failures = failures;
		this.writer = writer;
		this.recordingSwitch = recordingSwitch;
		this.sendable = runtime != null;
		this.runtime = runtime;
		this.linger = linger;
	}

	@Override
	public void addTo(Routes routes) {
		routes.get("events", this::events);
	}

	@Override
	public void start() {
		this.recordingSwitch.start();
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		this.recording.events().end();
		this.recordingSwitch.stop();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	// Starts before the local runtime, 512 before the last phase, so that its first
	// messages are recorded; stops before the server's graceful shutdown, 1024 before it
	@Override
	public int getPhase() {
		return DEFAULT_PHASE - 768;
	}

	private Answer events(ConsoleRequest request) {
		long from = position(request.header("Last-Event-ID"));
		return Answer.by((stream) -> follow(stream, from));
	}

	// Returns -1 if the page has to read everything again
	private long position(@Nullable String id) {
		if (id == null || !id.startsWith(this.boot + "-")) {
			return -1;
		}
		try {
			long known = Long.parseLong(id.substring(this.boot.length() + 1));
			long last = this.recording.events().last();
			return (known <= last && last - known <= EventLog.KEPT) ? known : -1;
		}
		catch (NumberFormatException ex) {
			return -1;
		}
	}

	private void follow(EventStream stream, long from) throws IOException {
		if (this.open.incrementAndGet() > MAX_STREAMS) {
			this.open.decrementAndGet();
			throw new ConsoleException(Problem.RUNTIME, MAX_STREAMS + " pages of the console are open already");
		}
		this.recordingSwitch.opened();
		boolean started = false;
		try {
			stream.begin();
			Thread thread = new Thread(() -> run(stream, from), "statefun-console-events");
			thread.setDaemon(true);
			thread.start();
			started = true;
		}
		finally {
			if (!started) {
				this.recordingSwitch.closed();
				this.open.decrementAndGet();
			}
		}
	}

	private void run(EventStream stream, long from) {
		try {
			write(stream, from);
		}
		catch (IOException ex) {
			// The page was closed
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			stream.end();
			this.open.decrementAndGet();
			linger();
			this.recordingSwitch.closed();
		}
	}

	private void linger() {
		if (!this.recordingSwitch.isAlways()) {
			try {
				this.recording.events().pause(this.linger);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private void write(EventStream stream, long from) throws IOException, InterruptedException {
		EventLog log = this.recording.events();
		long last = (from >= 0) ? from : log.last();
		stream.send(this.boot + "-" + last, "hello",
				new JsonObject().with("boot", this.boot).with("resumed", from >= 0).with("more", 0));
		while (!stream.isClosed() && !log.isEnded()) {
			log.await(last, HEARTBEAT);
			EventLog.Batch batch = log.after(last);
			if (batch.last() == last) {
				stream.sendComment();
				continue;
			}
			last = batch.last();
			stream.send(this.boot + "-" + last, "batch", events(batch));
			log.pause(INTERVAL);
		}
	}

	private JsonObject events(EventLog.Batch batch) {
		Map<ConsoleEvent, ConsoleEvent> latest = new LinkedHashMap<>();
		for (ConsoleEvent event : batch.events()) {
			latest.remove(event);
			latest.put(event, event);
		}
		List<ConsoleEvent> distinct = new ArrayList<>(latest.keySet());
		int skipped = Math.max(0, distinct.size() - MAX_EVENTS);
		List<JsonObject> written = new ArrayList<>();
		for (ConsoleEvent event : distinct.subList(skipped, distinct.size())) {
			JsonObject json = event(event);
			if (json != null) {
				written.add(json.with("kind", event.kind()));
			}
		}
		return new JsonObject().with("events", written).with("more", batch.lost() + skipped);
	}

	private @Nullable JsonObject event(ConsoleEvent event) {
		return switch (event.kind()) {
			case MESSAGE -> {
				MessageRecord record = this.recording.find(event.id());
				yield (record != null) ? new JsonObject().with("message", this.writer.summary(record)) : null;
			}
			case FAILURE -> {
				FailureRecord failure = this.failures.find(event.id());
				yield (failure != null) ? new JsonObject().with("failure", this.writer.failure(failure, this.sendable))
						: null;
			}
			case EGRESS -> {
				EgressRecord record = this.recording.findEgress(event.id());
				yield (record != null) ? new JsonObject().with("record", this.writer.egress(record)) : null;
			}
			case REQUEST -> {
				RequestRecord request = this.recording.findRequest(event.id());
				yield (request != null) ? new JsonObject().with("request", this.writer.request(request)) : null;
			}
			case CLOCK -> (this.runtime != null) ? new JsonObject().with("clock", this.runtime.clock()) : null;
			case TIMER -> new JsonObject().with("id", event.id());
			case STATE -> new JsonObject().with("address", event.address());
		};
	}

}
