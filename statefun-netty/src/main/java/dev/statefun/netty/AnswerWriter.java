package dev.statefun.netty;

import java.time.Duration;
import java.util.function.ObjIntConsumer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Writes one answer, in pieces: an answer that the client does not read takes no more
 * memory outside of the heap than one of them. Used on the event loop.
 */
final class AnswerWriter {

	private static final Log logger = LogFactory.getLog(AnswerWriter.class);

	private static final int PIECE = 128 * 1024;

	private static final int HEAD = 256;

	private final Channel channel;

	private final Answer answer;

	private final ConnectionTimer timer;

	private final Duration timeout;

	private final ObjIntConsumer<Boolean> end;

	private int position;

	/** Number of bytes of the body that were written. */
	private int written;

	/**
	 * Create a writer.
	 * @param channel the connection
	 * @param answer the answer
	 * @param timer closes the connection if the client does not read
	 * @param timeout maximum time for each piece
	 * @param end called once, with whether all has been written, and the number of bytes
	 * of the body that were
	 */
	AnswerWriter(Channel channel, Answer answer, ConnectionTimer timer, Duration timeout, ObjIntConsumer<Boolean> end) {
		this.channel = channel;
		this.answer = answer;
		this.timer = timer;
		this.timeout = timeout;
		this.end = end;
	}

	/**
	 * Write the answer.
	 * @param persistence whether the connection is kept
	 */
	void write(Persistence persistence) {
		ByteBuf first = allocate(HEAD + nextLength());
		if (first == null) {
			this.end.accept(false, 0);
			return;
		}
		this.answer.writeHead(first, persistence);
		write(first);
	}

	private int nextLength() {
		return Math.min(this.answer.body().length - this.position, PIECE);
	}

	private @Nullable ByteBuf allocate(int size) {
		try {
			return this.channel.alloc().directBuffer(size);
		}
		catch (OutOfMemoryError ex) {
			logger.error("No memory for an answer; the connection is closed, and the cluster will ask again", ex);
			return null;
		}
	}

	private void write(ByteBuf piece) {
		int length = nextLength();
		piece.writeBytes(this.answer.body(), this.position, length);
		this.position += length;
		ChannelFuture written = this.channel.writeAndFlush(piece);
		if (written.isDone() && nextLength() == 0) {
			// The usual case, without a listener
			this.end.accept(written.isSuccess(), written.isSuccess() ? this.position : 0);
			return;
		}
		if (!written.isDone()) {
			this.timer.start(this.timeout);
		}
		written.addListener((result) -> proceed(result.isSuccess()));
	}

	private void proceed(boolean written) {
		this.timer.stop();
		if (written) {
			this.written = this.position;
		}
		int length = nextLength();
		ByteBuf next = (written && length > 0) ? allocate(length) : null;
		if (next != null) {
			write(next);
		}
		else {
			this.end.accept(written && length == 0, this.written);
		}
	}

}
