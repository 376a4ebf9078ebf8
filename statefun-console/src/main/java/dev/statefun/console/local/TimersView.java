package dev.statefun.console.local;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

import dev.statefun.console.http.Answer;
import dev.statefun.console.http.ConsoleException;
import dev.statefun.console.http.ConsoleRequest;
import dev.statefun.console.http.ConsoleView;
import dev.statefun.console.http.JsonObject;
import dev.statefun.console.http.Problem;
import dev.statefun.console.http.Routes;
import dev.statefun.console.record.ConsoleEvent;
import dev.statefun.console.record.EventLog;
import dev.statefun.console.runtime.ConsoleRuntime;
import dev.statefun.local.LocalRuntime;
import dev.statefun.local.LocalRuntimeException;
import dev.statefun.local.LocalRuntimeOperations;
import dev.statefun.local.LocalRuntimeOperations.ClockKind;
import dev.statefun.local.LocalRuntimeOperations.PendingTimer;
import dev.statefun.local.LocalRuntimeOperations.TimerPage;
import dev.statefun.local.LocalRuntimeOperations.TimerPosition;
import dev.statefun.local.StateConflictException;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import org.jspecify.annotations.Nullable;

/**
 * Delayed messages, named timers, and the clock.
 *
 * @since 0.1.0
 */
public final class TimersView implements ConsoleView {

	private static final Duration MAX_ADVANCE = Duration.ofDays(3650);

	private final LocalRuntime runtime;

	private final ConsoleRuntime view;

	private final TimerWriter writer;

	private final EventLog events;

	/**
	 * Create the part.
	 * @param runtime the runtime
	 * @param view the runtime as the console sees it
	 * @param writer writes timers
	 * @param events takes what has changed
	 */
	public TimersView(LocalRuntime runtime, ConsoleRuntime view, TimerWriter writer, EventLog events) {
		this.runtime = runtime;
		this.view = view;
		this.writer = writer;
		this.events = events;
	}

	@Override
	public void addTo(Routes routes) {
		routes.get("timers", this::list);
		routes.post("timers/{id}/fire", this::fire);
		routes.delete("timers/{id}", this::cancel);
		routes.get("clock", (request) -> Answer.of(this.view.clock()));
		routes.post("clock/advance", this::advance);
	}

	private Answer list(ConsoleRequest request) {
		LocalRuntimeOperations operations = this.runtime.operations();
		TimerPosition after = position(request.parameter("after"));
		TimerPage page = operations.timers(targets(request), after, request.limit());
		PendingTimer last = page.timers().isEmpty() ? null : page.timers().get(page.timers().size() - 1);
		return Answer.of(new JsonObject().with("total", page.total())
			.with("timers", page.timers().stream().map(this.writer::write).toList())
			.with("next", (page.more() && last != null) ? text(last.position()) : null));
	}

	private Predicate<Address> targets(ConsoleRequest request) {
		FunctionType type = request.function("type");
		if (type != null && !this.runtime.functions().contains(type)) {
			throw new ConsoleException(Problem.NOT_FOUND, "There is no function '" + type + "' here");
		}
		// The empty id is one, too
		String id = request.hasParameter("id") ? request.required("id") : null;
		return (target) -> (type == null || target.type().equals(type)) && (id == null || target.id().equals(id));
	}

	private static String text(TimerPosition position) {
		return position.due().toEpochMilli() + "-" + position.id();
	}

	private static @Nullable TimerPosition position(@Nullable String text) {
		if (text == null) {
			return null;
		}
		try {
			int dash = text.lastIndexOf('-');
			return new TimerPosition(Instant.ofEpochMilli(Long.parseLong(text.substring(0, dash))),
					Long.parseLong(text.substring(dash + 1)));
		}
		catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException ex) {
			throw new ConsoleException(Problem.INVALID_REQUEST, "'after' is not the 'next' of a page");
		}
	}

	private Answer fire(ConsoleRequest request) {
		long id = request.id("id");
		try {
			requirePending(this.runtime.operations().fire(id), id);
		}
		catch (LocalRuntimeException ex) {
			throw failed(ex);
		}
		return Answer.of(new JsonObject().with("id", id));
	}

	private Answer cancel(ConsoleRequest request) {
		long id = request.id("id");
		try {
			requirePending(this.runtime.operations().cancel(id), id);
		}
		catch (StateConflictException ex) {
			throw new ConsoleException(Problem.BUSY, String.valueOf(ex.getMessage()));
		}
		catch (LocalRuntimeException ex) {
			throw failed(ex);
		}
		return Answer.empty();
	}

	private static void requirePending(boolean pending, long id) {
		if (!pending) {
			throw new ConsoleException(Problem.NOT_FOUND,
					"The message " + id + " is not delayed, or not any more; it may have been delivered");
		}
	}

	private static ConsoleException failed(LocalRuntimeException ex) {
		return new ConsoleException(Problem.RUNTIME, "The local runtime has failed. " + ex.getMessage());
	}

	private Answer advance(ConsoleRequest request) throws IOException {
		Duration by = duration(request.body().text("by"));
		if (this.runtime.operations().clock().kind() == ClockKind.REAL) {
			throw new ConsoleException(Problem.CLOCK,
					"The clock of the runtime is real. Set 'statefun.local-runtime.clock' to 'ahead' to move it");
		}
		try {
			this.runtime.advance(by);
		}
		catch (LocalRuntimeException ex) {
			throw failed(ex);
		}
		this.events.add(new ConsoleEvent(ConsoleEvent.Kind.CLOCK, 0));
		return Answer.of(this.view.clock());
	}

	private static Duration duration(String text) {
		try {
			Duration duration = Duration.parse(text);
			if (!duration.isNegative() && !duration.isZero() && duration.compareTo(MAX_ADVANCE) <= 0) {
				return duration;
			}
		}
		catch (DateTimeException | ArithmeticException ex) {
			// Reported below
		}
		throw new ConsoleException(Problem.INVALID_REQUEST,
				"'by' is '" + text + "'; expected a duration such as PT1H, more than zero and at most P3650D");
	}

}
