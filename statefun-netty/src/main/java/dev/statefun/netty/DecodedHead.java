package dev.statefun.netty;

import java.util.List;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import org.jspecify.annotations.Nullable;

/**
 * Head that Netty has decoded.
 */
final class DecodedHead extends RequestHead {

	private final HttpRequest head;

	private final boolean valid;

	/**
	 * Create a head.
	 * @param head the head, which is not changed any more
	 */
	DecodedHead(HttpRequest head) {
		this.head = head;
		this.valid = !head.decoderResult().isFailure() && hasKnownEnd(head);
	}

	// With another encoding than chunks, the body would be taken for the next request
	private static boolean hasKnownEnd(HttpRequest head) {
		List<String> encodings = head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
		return encodings.isEmpty()
				|| (encodings.size() == 1 && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(encodings.get(0)));
	}

	@Override
	public boolean isValid() {
		return this.valid;
	}

	@Override
	public String method() {
		return this.head.method().name();
	}

	@Override
	public String target() {
		return this.head.uri();
	}

	@Override
	public String version() {
		return this.head.protocolVersion().text();
	}

	@Override
	public @Nullable String header(String name) {
		return this.head.headers().get(name);
	}

	@Override
	boolean isPost() {
		return HttpMethod.POST.equals(this.head.method());
	}

	@Override
	@Nullable String contentType() {
		return this.head.headers().get(HttpHeaderNames.CONTENT_TYPE);
	}

	@Override
	@Nullable String userAgent() {
		return this.head.headers().get(HttpHeaderNames.USER_AGENT);
	}

	@Override
	long announced() {
		return HttpUtil.isTransferEncodingChunked(this.head) ? -1 : HttpUtil.getContentLength(this.head, 0L);
	}

	@Override
	Persistence persistence() {
		return Persistence.of(this.head);
	}

	@Override
	boolean expectsContinue() {
		return HttpUtil.is100ContinueExpected(this.head);
	}

}
