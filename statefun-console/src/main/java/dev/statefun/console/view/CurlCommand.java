package dev.statefun.console.view;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

import com.google.protobuf.Any;
import dev.statefun.console.http.ConsoleRequest;
import dev.statefun.console.http.JsonObject;
import dev.statefun.console.http.RequestGuard;
import dev.statefun.console.payload.Payload;
import dev.statefun.console.payload.Payload.Kind;
import dev.statefun.console.payload.PayloadReader;
import dev.statefun.console.runtime.ConsoleRuntime;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Writes commands that send a message, for a POSIX shell: to the playground, or to the
 * console where the playground can't express the message.
 *
 * @since 0.1.0
 */
public final class CurlCommand {

	private static final String HEADER = "statefun-header-";

	private final PayloadReader payloads;

	private final @Nullable ConsoleRuntime runtime;

	private final RequestGuard guard;

	private final String path;

	/**
	 * Create a writer.
	 * @param payloads reads payloads
	 * @param runtime the runtime, if there is one
	 * @param guard has the token of the console
	 * @param path path of the console within the context
	 */
	public CurlCommand(PayloadReader payloads, @Nullable ConsoleRuntime runtime, RequestGuard guard, String path) {
		this.payloads = payloads;
		this.runtime = runtime;
		this.guard = guard;
		this.path = path;
	}

	/**
	 * Write a command.
	 * @param target address of the receiver
	 * @param message the message
	 * @param headers its headers
	 * @param request the request for the command, whose URL is that of the console
	 * @return the command
	 */
	public String write(Address target, Any message, Headers headers, ConsoleRequest request) {
		Payload payload = this.payloads.read(message);
		String ingress = (this.runtime != null) ? this.runtime.ingress() : null;
		boolean plain = !target.id().isEmpty() && isPlain(message.getTypeUrl())
				&& headers.all().stream().allMatch(CurlCommand::isPlain);
		if (payload.masked() || ingress == null || !plain) {
			return toConsole(target, message, payload, headers, request.url(this.path));
		}
		StringBuilder command = new StringBuilder();
		if (payload.kind() == Kind.BINARY || payload.kind() == Kind.EMPTY) {
			command.append("printf %s ").append(quote(base64(message))).append(" | base64 -d | ");
		}
		command.append("curl -X PUT ").append(quote(ingress + path(target)));
		command.append(" -H ").append(quote("Content-Type: " + contentType(message, payload)));
		for (Headers.Entry header : headers.all()) {
			command.append(" -H ").append(quote(HEADER + header.key() + ": " + text(header)));
		}
		command.append((payload.kind() == Kind.BINARY || payload.kind() == Kind.EMPTY) ? " --data-binary @-"
				: " --data-raw " + quote(payload.text()));
		return command.toString();
	}

	private static String contentType(Any message, Payload payload) {
		return switch (payload.kind()) {
			case JSON -> "application/vnd." + message.getTypeUrl() + "+json";
			case TEXT -> "text/plain; charset=utf-8";
			default -> "application/vnd." + message.getTypeUrl();
		};
	}

	private String toConsole(Address target, Any message, Payload payload, Headers headers, String url) {
		boolean text = !payload.masked() && (payload.kind() == Kind.JSON || payload.kind() == Kind.TEXT);
		String token = this.guard.token();
		JsonObject body = new JsonObject().with("type", target.type().toString())
			.with("id", target.id())
			.with("messageType", message.getTypeUrl())
			.with("format", !text ? "base64" : (payload.kind() == Kind.JSON) ? "json" : "text")
			.with("text", text ? payload.text() : payload.masked() ? "" : base64(message))
			.with("headers", this.payloads.headers(headers));
		return "curl -X POST " + quote(url + "/api/send") + " -H "
				+ quote(RequestGuard.TOKEN_HEADER + ": " + ((token != null) ? token : "")) + " -H "
				+ quote("Content-Type: application/json") + " --data-raw " + quote(body.toString());
	}

	private static String base64(Any message) {
		return Base64.getEncoder().encodeToString(message.getValue().toByteArray());
	}

	private static String path(Address target) {
		StringBuilder path = new StringBuilder();
		for (String segment : List.of(target.type().namespace(), target.type().name(), target.id())) {
			path.append('/').append(encoded(segment));
		}
		return path.toString();
	}

	// A dot alone would be a step in the path
	private static String encoded(String segment) {
		String encoded = URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
		return (encoded.equals(".") || encoded.equals("..")) ? encoded.replace(".", "%2E") : encoded;
	}

	private static boolean isPlain(String type) {
		return type.chars().allMatch((c) -> c > ' ' && c < 0x7f && c != ';' && c != ',');
	}

	private static boolean isPlain(Headers.Entry header) {
		return header.value() != null && header.value().isValidUtf8()
				&& text(header).chars().allMatch((c) -> c >= ' ' && c < 0x7f)
				&& text(header).strip().equals(text(header)) && !text(header).isEmpty();
	}

	private static String text(Headers.Entry header) {
		return (header.value() != null) ? header.value().toStringUtf8() : "";
	}

	/**
	 * Quote a text for a POSIX shell.
	 * @param text the text
	 * @return one word
	 */
	static String quote(String text) {
		return "'" + text.replace("'", "'\\''") + "'";
	}

}
