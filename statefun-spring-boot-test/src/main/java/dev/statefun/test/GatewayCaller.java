package dev.statefun.test;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.failure.FailureKind;
import dev.statefun.spring.client.FunctionRequestException;
import dev.statefun.spring.client.FunctionRequestException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The caller that functions see of a request: an instance of a gateway function that is
 * unique to the request. It is not under test, so replies to it are only recorded.
 */
final class GatewayCaller {

	private static final String NAMESPACE = "statefun.gateway";

	/** Type of the caller of requests. */
	static final FunctionType TYPE = FunctionType.of(NAMESPACE, "function-tester");

	private static final String FAILED = "type.googleapis.com/dev.statefun.gateway.Failed";

	private GatewayCaller() {
	}

	// gateway.proto: "x/" and the id of the request
	static Address of(long request) {
		return Address.of(TYPE.toString(), "x/%032x".formatted(request));
	}

	// The SDK tells each caller in this namespace of failures
	static boolean isGateway(Address caller) {
		return caller.type().namespace().equals(NAMESPACE);
	}

	/**
	 * Return the kind of failure that a message to a gateway tells of.
	 * @param message the message
	 * @return name of the kind, or {@code null} if the message is another one
	 */
	static @Nullable String failureIn(Any message) {
		RecordFields fields = message.getTypeUrl().equals(FAILED) ? RecordFields.of(message) : null;
		return (fields != null) ? fields.text(1) : null;
	}

	static FunctionRequestException failed(Address self, String kind, String happened) {
		return new FunctionRequestException(Reason.FAILED, kindOf(kind), "FAILED (" + kind + "): '" + self
				+ "' could not handle the message, and has skipped it or sent it to its dead letters.\n" + happened,
				null);
	}

	// Another SDK may have other kinds
	private static @Nullable FailureKind kindOf(String name) {
		for (FailureKind kind : FailureKind.values()) {
			if (kind.name().equals(name)) {
				return kind;
			}
		}
		return null;
	}

}
