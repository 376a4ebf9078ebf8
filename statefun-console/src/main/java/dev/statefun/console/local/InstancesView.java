package dev.statefun.console.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import com.google.protobuf.Any;
import dev.statefun.console.http.Answer;
import dev.statefun.console.http.ConsoleException;
import dev.statefun.console.http.ConsoleRequest;
import dev.statefun.console.http.ConsoleView;
import dev.statefun.console.http.JsonObject;
import dev.statefun.console.http.Problem;
import dev.statefun.console.http.RequestBody;
import dev.statefun.console.http.Routes;
import dev.statefun.console.payload.Payload;
import dev.statefun.console.payload.Payload.Kind;
import dev.statefun.console.record.Cause;
import dev.statefun.console.record.ConsoleEvent;
import dev.statefun.console.record.MessageRecord;
import dev.statefun.console.record.Origin;
import dev.statefun.console.record.Outcome;
import dev.statefun.console.record.Recording;
import dev.statefun.console.view.FunctionsView;
import dev.statefun.console.view.MessageForm;
import dev.statefun.console.view.PayloadsView;
import dev.statefun.console.view.RecordWriter;
import dev.statefun.local.LocalRuntime;
import dev.statefun.local.LocalRuntimeException;
import dev.statefun.local.LocalRuntimeOperations;
import dev.statefun.local.LocalRuntimeOperations.Instance;
import dev.statefun.local.LocalRuntimeOperations.InstancePage;
import dev.statefun.local.LocalRuntimeOperations.InstanceState;
import dev.statefun.local.LocalRuntimeOperations.MailboxContent;
import dev.statefun.local.LocalRuntimeOperations.QueuedMessage;
import dev.statefun.local.StateConflictException;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.FunctionDescriptor.StateDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * Instances of functions: their states, which can be edited, and their messages.
 *
 * @since 0.1.0
 */
public final class InstancesView implements ConsoleView {

	private static final int MAX_EDITED = 64 << 10;

	private static final int SHOWN = 100;

	private final LocalRuntime runtime;

	private final StatefulFunctions functions;

	private final Recording recording;

	private final RecordWriter writer;

	private final MessageForm form;

	private final TimerWriter timers;

	/**
	 * Create the part.
	 * @param runtime the runtime
	 * @param functions the functions
	 * @param recording what was recorded
	 * @param writer writes it
	 * @param form reads states
	 * @param timers writes timers
	 */
	public InstancesView(LocalRuntime runtime, StatefulFunctions functions, Recording recording, RecordWriter writer,
			MessageForm form, TimerWriter timers) {
		this.runtime = runtime;
		this.functions = functions;
		this.recording = recording;
		this.writer = writer;
		this.form = form;
		this.timers = timers;
	}

	@Override
	public void addTo(Routes routes) {
		routes.get("instances", this::list);
		routes.get("instance", (request) -> Answer.of(instance(served(request.address()), request.limit())));
		routes.put("instance/state", this::edit);
	}

	private Answer list(ConsoleRequest request) {
		FunctionType type = ConsoleRequest.functionType(request.required("type"));
		requireServed(type);
		String prefix = request.parameter("prefix");
		InstancePage page = this.runtime.operations()
			.instances(type, (id) -> prefix == null || id.startsWith(prefix), request.parameter("after"),
					request.limit());
		List<JsonObject> instances = new ArrayList<>();
		String last = null;
		for (Instance instance : page.instances()) {
			last = instance.self().id();
			instances.add(new JsonObject().with("id", last)
				.with("states", instance.states())
				.with("waiting", instance.waiting())
				.with("inFlight", instance.inFlight() > 0)
				.with("delayed", instance.delayed()));
		}
		return Answer.of(new JsonObject().with("type", type.toString())
			.with("total", page.total())
			.with("instances", instances)
			.with("next", page.more() ? last : null));
	}

	private Address served(Address address) {
		requireServed(address.type());
		return address;
	}

	private void requireServed(FunctionType type) {
		if (!this.runtime.functions().contains(type)) {
			throw new ConsoleException(Problem.NOT_FOUND, "There is no function '" + type + "' here");
		}
	}

	private JsonObject instance(Address self, int limit) {
		LocalRuntimeOperations operations = this.runtime.operations();
		MailboxContent mailbox = operations.mailbox(self, SHOWN);
		return new JsonObject().with("address", self)
			.with("time", operations.clock().time())
			.with("states", operations.states(self).stream().map((state) -> state(self, state)).toList())
			.with("inFlight",
					mailbox.inFlight().isEmpty() ? null
							: new JsonObject().with("attempt", mailbox.failures() + 1)
								.with("size", mailbox.inFlightSize())
								.with("messages", messages(self, mailbox.inFlight(), Outcome.RUNNING)))
			.with("waiting", mailbox.waitingSize())
			.with("mailbox", messages(self, mailbox.waiting(), Outcome.WAITING))
			.with("timers",
					operations.timers(self::equals, null, SHOWN).timers().stream().map(this.timers::write).toList())
			.with("invocations",
					this.recording
						.messages(Long.MAX_VALUE, limit,
								(record) -> record.origin().target().equals(self) && record.handling() != null)
						.records()
						.stream()
						.map(this.writer::summary)
						.toList());
	}

	private List<JsonObject> messages(Address self, List<QueuedMessage> messages, Outcome outcome) {
		return messages.stream().map((message) -> this.writer.summary(record(self, message, outcome))).toList();
	}

	private MessageRecord record(Address self, QueuedMessage message, Outcome outcome) {
		MessageRecord known = this.recording.find(message.id());
		if (known != null) {
			return known;
		}
		Address caller = message.caller().orElse(null);
		return new MessageRecord(new Origin(message.id(), self, caller, message.message(), message.headers(),
				new Cause(Cause.Kind.UNKNOWN, List.of(), caller), null, null), 0, outcome, null);
	}

	private JsonObject state(Address self, InstanceState state) {
		StateDescriptor declared = declared(self.type(), state.name());
		MessageMapping<?> mapping = mapping(declared);
		Any value = state.value().orElse(null);
		Payload payload = (value != null) ? this.writer.payloads().read(value, mapping) : null;
		String edit = editable(mapping, payload);
		Expiration expiration = (declared != null) ? declared.expiration() : null;
		return new JsonObject().with("name", state.name())
			.with("type", (state.typename().isEmpty() && value != null) ? value.getTypeUrl() : state.typename())
			.with("javaType", (declared != null) ? declared.valueType().getTypeName() : null)
			.with("value", (payload != null) ? payload.toJson(PayloadsView.stateRef(self, state.name())) : null)
			.with("edit", edit)
			.with("version", (value != null) ? version(value) : null)
			.with("editable", edit != null)
			.with("expiration", (expiration != null) ? FunctionsView.expiration(expiration) : null)
			.with("timeToLive",
					(expiration != null && expiration.mode() != Expiration.Mode.NEVER) ? expiration.timeToLive() : null)
			.with("expiresAt", state.expires().orElse(null));
	}

	private @Nullable StateDescriptor declared(FunctionType type, String name) {
		for (FunctionDescriptor function : this.functions.functions()) {
			if (function.type().equals(type)) {
				return function.states().stream().filter((state) -> state.name().equals(name)).findFirst().orElse(null);
			}
		}
		return null;
	}

	// A raw state has a value of any type
	private @Nullable MessageMapping<?> mapping(@Nullable StateDescriptor declared) {
		return (declared != null && declared.valueType() != Any.class)
				? this.writer.payloads().mapping(declared.valueType(), declared.typename()) : null;
	}

	private static @Nullable String editable(@Nullable MessageMapping<?> mapping, @Nullable Payload payload) {
		if (mapping == null) {
			return null;
		}
		if (payload == null) {
			return "";
		}
		boolean text = payload.kind() != Kind.BINARY && !payload.masked() && payload.text().length() <= MAX_EDITED;
		return text ? payload.text() : null;
	}

	private Answer edit(ConsoleRequest request) throws IOException {
		RequestBody body = request.body();
		Address self = served(Address.of(ConsoleRequest.functionType(body.text("type")), body.text("id")));
		String name = body.text("name");
		StateDescriptor declared = declared(self.type(), name);
		if (declared == null) {
			throw new ConsoleException(Problem.NOT_FOUND,
					"Function '" + self.type() + "' declares no state '" + name + "'");
		}
		MessageMapping<?> mapping = mapping(declared);
		if (mapping == null) {
			throw new ConsoleException(Problem.INVALID_VALUE, "State '" + name + "' has no type that can be edited");
		}
		if (!body.has("version")) {
			throw new ConsoleException(Problem.INVALID_REQUEST,
					"The field 'version' is missing; it is that of the value seen, or null");
		}
		String seen = body.optionalText("version");
		Any present = find(self, name).value().orElse(null);
		if (!Objects.equals(seen, (present != null) ? version(present) : null)) {
			throw changed(self, name);
		}
		if (present != null && this.writer.payloads().read(present, mapping).masked()) {
			throw new ConsoleException(Problem.MASKED, "State '" + name + "' is masked, so it can't be edited");
		}
		String text = body.optionalText("text");
		write(self, name, present, (text != null) ? this.form.read(mapping, text) : null);
		this.recording.events().add(new ConsoleEvent(ConsoleEvent.Kind.STATE, 0, self));
		return Answer.of(state(self, find(self, name)));
	}

	private void write(Address self, String name, @Nullable Any present, @Nullable Any value) {
		try {
			if (value != null) {
				this.runtime.operations().setState(self, name, Optional.ofNullable(present), value);
			}
			else if (present != null) {
				this.runtime.operations().removeState(self, name, present);
			}
		}
		catch (StateConflictException ex) {
			boolean same = Objects.equals(find(self, name).value().orElse(null), present);
			throw same ? new ConsoleException(Problem.BUSY, String.valueOf(ex.getMessage())) : changed(self, name);
		}
		catch (LocalRuntimeException ex) {
			throw new ConsoleException(Problem.RUNTIME, "The local runtime has failed. " + ex.getMessage());
		}
		catch (IllegalArgumentException ex) {
			throw new ConsoleException(Problem.INVALID_VALUE, String.valueOf(ex.getMessage()));
		}
	}

	private static ConsoleException changed(Address self, String name) {
		return new ConsoleException(Problem.CHANGED,
				"State '" + name + "' of '" + self + "' has changed since it was read. Read it again");
	}

	private InstanceState find(Address self, String name) {
		return this.runtime.operations()
			.states(self)
			.stream()
			.filter((state) -> state.name().equals(name))
			.findFirst()
			.orElseThrow(() -> new ConsoleException(Problem.NOT_FOUND, "There is no state '" + name + "'"));
	}

	private static String version(Any value) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			digest.update(value.getTypeUrl().getBytes(StandardCharsets.UTF_8));
			digest.update((byte) 0);
			digest.update(value.getValue().asReadOnlyByteBuffer());
			return HexFormat.of().formatHex(digest.digest(), 0, 8);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("This Java lacks SHA-256, which every Java has", ex);
		}
	}

}
