package dev.statefun.console.view;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.Any;
import dev.statefun.console.http.Answer;
import dev.statefun.console.http.ConsoleException;
import dev.statefun.console.http.ConsoleRequest;
import dev.statefun.console.http.ConsoleView;
import dev.statefun.console.http.JsonObject;
import dev.statefun.console.http.Problem;
import dev.statefun.console.http.RequestBody;
import dev.statefun.console.http.Routes;
import dev.statefun.console.payload.Examples;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.FunctionDescriptor.HandlerDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;

/**
 * The form to send messages: types of messages with an example of each.
 *
 * @since 0.1.0
 */
public final class SendView implements ConsoleView {

	private static final String ANY = "*";

	private final StatefulFunctions functions;

	private final MessageForm form;

	private final RecordWriter writer;

	private final CurlCommand curl;

	/**
	 * Create the part.
	 * @param functions the functions
	 * @param form reads and sends messages
	 * @param writer writes messages
	 * @param curl writes commands
	 */
	public SendView(StatefulFunctions functions, MessageForm form, RecordWriter writer, CurlCommand curl) {
		this.functions = functions;
		this.form = form;
		this.writer = writer;
		this.curl = curl;
	}

	@Override
	public void addTo(Routes routes) {
		routes.get("message-types", this::types);
		routes.query("send/check", this::check);
		routes.post("send", this::send);
	}

	private Answer types(ConsoleRequest request) {
		FunctionType wanted = request.function("function");
		List<JsonObject> types = new ArrayList<>();
		for (FunctionDescriptor function : this.functions.functions()) {
			if (wanted == null || function.type().equals(wanted)) {
				function.handlers().forEach((handler) -> types.add(type(function.type(), handler)));
			}
		}
		return Answer.of(new JsonObject().with("types", types));
	}

	private JsonObject type(FunctionType function, HandlerDescriptor handler) {
		boolean any = handler.typename().equals(ANY);
		MessageMapping<?> mapping = any ? null : this.functions.mappings().of(handler.messageType());
		return new JsonObject().with("function", function.toString())
			.with("type", handler.typename())
			.with("javaType", handler.messageType().getTypeName())
			.with("format", (mapping != null) ? format(mapping) : "base64")
			.with("example", (mapping != null) ? Examples.of(mapping) : "")
			.with("sendable", this.form.canSend())
			.with("reason", this.form.canSend() ? null : "The local runtime is off");
	}

	private static String format(MessageMapping<?> mapping) {
		return (mapping.valueClass() == String.class) ? "text" : "json";
	}

	private Answer check(ConsoleRequest request) throws IOException {
		RequestBody body = request.body();
		Address target = target(body);
		JsonObject result = new JsonObject();
		try {
			this.form.requireServed(target.type());
			Any message = read(body, target);
			Headers headers = MessageForm.headers(body);
			return Answer.of(result.with("valid", true)
				.with("error", null)
				.with("line", null)
				.with("column", null)
				.with("payload", this.writer.payloads().read(message).toJson(null))
				.with("curl", this.curl.write(target, message, headers, request)));
		}
		catch (ConsoleException ex) {
			if (ex.problem() != Problem.INVALID_VALUE) {
				throw ex;
			}
			return Answer.of(result.with("valid", false)
				.with("error", ex.detail())
				.with("line", ex.line())
				.with("column", ex.column())
				.with("payload", null)
				.with("curl", null));
		}
	}

	private Answer send(ConsoleRequest request) throws IOException {
		RequestBody body = request.body();
		Address target = target(body);
		this.form.requireServed(target.type());
		Any message = read(body, target);
		return Answer
			.of(new JsonObject().with("messageId", this.form.send(target, message, MessageForm.headers(body))));
	}

	private static Address target(RequestBody body) {
		return Address.of(ConsoleRequest.functionType(body.text("type")), body.text("id"));
	}

	private Any read(RequestBody body, Address target) {
		return this.form.read(target.type(), body.text("messageType"), body.optionalText("format"), body.text("text"));
	}

}
