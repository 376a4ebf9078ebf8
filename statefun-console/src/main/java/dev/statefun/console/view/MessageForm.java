package dev.statefun.console.view;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.console.http.ConsoleException;
import dev.statefun.console.http.Problem;
import dev.statefun.console.http.RequestBody;
import dev.statefun.console.runtime.ConsoleRuntime;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.http.HttpMessages;
import dev.statefun.sdk.http.HttpMessages.MessageType;
import dev.statefun.sdk.http.UnreadableRequestException;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.message.MessageMappings;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages and states from texts that a user has written, and sends messages.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class MessageForm {

	private static final Pattern POSITION = Pattern.compile("line:? (\\d{1,8}),? column:? (\\d{1,8})");

	private static final Pattern CHARACTER = Pattern.compile("at character (\\d{1,8}):");

	private final HttpMessages messages;

	private final MessageMappings mappings;

	private final @Nullable ConsoleRuntime runtime;

	/**
	 * Create a form.
	 * @param messages converts messages
	 * @param mappings the known types
	 * @param runtime takes messages, if there is one
	 */
	public MessageForm(HttpMessages messages, MessageMappings mappings, @Nullable ConsoleRuntime runtime) {
		this.messages = messages;
		this.mappings = mappings;
		this.runtime = runtime;
	}

	/**
	 * Return whether messages can be sent.
	 * @return whether there is a runtime
	 */
	public boolean canSend() {
		return this.runtime != null;
	}

	/**
	 * Read a message.
	 * @param function type of the function that gets it
	 * @param type name of its type
	 * @param format {@code json}, {@code text} or {@code base64}, or {@code null} for the
	 * one of the type
	 * @param text the text
	 * @return the message
	 */
	public Any read(FunctionType function, String type, @Nullable String format, String text) {
		if (type.isEmpty()) {
			throw new ConsoleException(Problem.INVALID_VALUE, "The message has no type");
		}
		MessageMapping<String> texts = this.mappings.of(String.class);
		String chosen = (format != null) ? format : texts.accepts(type) ? "text" : "json";
		try {
			return switch (chosen) {
				case "json" -> this.messages.message(function, new MessageType(type + HttpMessages.JSON, false),
						text.getBytes(StandardCharsets.UTF_8));
				case "text" -> this.messages.message(function, new MessageType(type, false),
						this.messages.valueOf(texts, text.getBytes(StandardCharsets.UTF_8)).getValue().toByteArray());
				case "base64" -> this.messages.message(function, new MessageType(type, false), decoded(text));
				default -> throw new ConsoleException(Problem.INVALID_REQUEST,
						"The format is '" + chosen + "'; expected 'json', 'text' or 'base64'");
			};
		}
		catch (UnreadableRequestException ex) {
			throw invalid(ex, text);
		}
	}

	/**
	 * Read a value of a mapped type, such as a state.
	 * @param mapping mapping of the type
	 * @param text the text
	 * @return the value
	 */
	public Any read(MessageMapping<?> mapping, String text) {
		try {
			return this.messages.valueOf(mapping, text.getBytes(StandardCharsets.UTF_8));
		}
		catch (UnreadableRequestException ex) {
			throw invalid(ex, text);
		}
	}

	private static ConsoleException invalid(UnreadableRequestException ex, String written) {
		String text = ex.text();
		Matcher position = POSITION.matcher(text);
		if (position.find()) {
			return new ConsoleException(Problem.INVALID_VALUE, text, Integer.valueOf(position.group(1)),
					Integer.valueOf(position.group(2)));
		}
		Matcher character = CHARACTER.matcher(text);
		if (character.find()) {
			String before = written.substring(0, Math.min(written.length(), Integer.parseInt(character.group(1)) - 1));
			int line = (int) before.chars().filter((c) -> c == '\n').count() + 1;
			return new ConsoleException(Problem.INVALID_VALUE, text, line, before.length() - before.lastIndexOf('\n'));
		}
		return new ConsoleException(Problem.INVALID_VALUE, text);
	}

	private static byte[] decoded(String text) {
		try {
			return Base64.getMimeDecoder().decode(text);
		}
		catch (IllegalArgumentException ex) {
			throw new ConsoleException(Problem.INVALID_VALUE, "The text is not Base64: " + ex.getMessage());
		}
	}

	/**
	 * Read headers.
	 * @param body has them in the field {@code headers}
	 * @return the headers
	 */
	public static Headers headers(RequestBody body) {
		Headers headers = Headers.empty();
		for (RequestBody header : body.objects("headers")) {
			String value = header.optionalText("value");
			try {
				headers = headers.and(header.text("key"),
						header.isTrue("binary") ? ByteString.copyFrom(decoded((value != null) ? value : ""))
								: ByteString.copyFromUtf8((value != null) ? value : ""));
			}
			catch (IllegalArgumentException ex) {
				throw new ConsoleException(Problem.INVALID_VALUE, String.valueOf(ex.getMessage()));
			}
		}
		return headers;
	}

	/**
	 * Send a message.
	 * @param target address of the receiver
	 * @param message the message
	 * @param headers its headers
	 * @return id of the message, or {@code null} if nothing is recorded
	 */
	public @Nullable Long send(Address target, Any message, Headers headers) {
		return requireServed(target.type()).send(target, message, headers);
	}

	/**
	 * Check that messages can be sent to a function.
	 * @param function type of the function
	 * @return the runtime that takes them
	 */
	public ConsoleRuntime requireServed(FunctionType function) {
		ConsoleRuntime runtime = this.runtime;
		if (runtime == null) {
			throw new ConsoleException(Problem.UNAVAILABLE,
					"Without the local runtime, the console can't send messages. Use an ingress of the cluster");
		}
		if (!runtime.serves(function)) {
			throw new ConsoleException(Problem.NOT_FOUND, "There is no function '" + function + "' here");
		}
		return runtime;
	}

}
