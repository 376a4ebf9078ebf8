package dev.statefun.sdk.handler;

import java.nio.charset.StandardCharsets;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.failure.FailureKind;

/**
 * Tells a gateway that its message was skipped or dead-lettered, so that its client need
 * not wait. The message is {@code dev.statefun.gateway.Failed} of {@code gateway.proto}.
 */
final class FailureNotice {

	/** Namespace of gateway functions. */
	static final String GATEWAYS = "statefun.gateway";

	private static final String TYPENAME = "type.googleapis.com/dev.statefun.gateway.Failed";

	private static final byte KIND = 0x0a;

	private FailureNotice() {
	}

	static Any of(FailureKind kind) {
		byte[] name = kind.name().getBytes(StandardCharsets.US_ASCII);
		ByteString value = ByteString.copyFrom(new byte[] { KIND, (byte) name.length })
			.concat(ByteString.copyFrom(name));
		return Any.newBuilder().setTypeUrl(TYPENAME).setValue(value).build();
	}

}
