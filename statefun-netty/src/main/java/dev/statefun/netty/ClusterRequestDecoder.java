package dev.statefun.netty;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/**
 * Decodes requests. Refuses those whose end a proxy in front may see elsewhere.
 */
final class ClusterRequestDecoder extends HttpRequestDecoder {

	/**
	 * Create a decoder.
	 * @param maxHeadSize maximum number of bytes of the first line, and of all headers
	 */
	ClusterRequestDecoder(int maxHeadSize) {
		super(new HttpDecoderConfig().setMaxInitialLineLength(maxHeadSize)
			.setMaxHeaderSize(maxHeadSize)
			// What one read has brought is one part
			.setMaxChunkSize(Integer.MAX_VALUE));
	}

	@Override
	protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
		throw new IllegalArgumentException("A request has both a Content-Length and a Transfer-Encoding");
	}

}
