package dev.statefun.netty;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import dev.statefun.endpoint.Arrival;
import dev.statefun.endpoint.Exchange;
import dev.statefun.endpoint.UnexpectedRequestException;
import dev.statefun.endpoint.traffic.NotAdmittedException;
import dev.statefun.endpoint.traffic.Rejection;
import dev.statefun.netty.RequestListener.ReceivedRequest;
import dev.statefun.netty.RequestListener.ThreadScope;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.util.CharsetUtil;
import io.netty.util.ReferenceCountUtil;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Handles one connection: one request at a time, each answered before the next one is
 * looked at. A request that arrives earlier (pipelining, which no cluster does) is
 * discarded, and the connection is closed after the answer. So is a connection with a
 * body that was not read to its end. Used on the event loop.
 */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {

	private static final Log logger = LogFactory.getLog(ConnectionHandler.class);

	private static final ByteBuf CONTINUE = Unpooled
		.unreleasableBuffer(Unpooled.copiedBuffer("HTTP/1.1 100 Continue\r\n\r\n", CharsetUtil.US_ASCII))
		.asReadOnly();

	private final ServedEndpoint served;

	private final Channel channel;

	private final ConnectionTimer timer;

	/** Address at the other end, in numbers. */
	private String peerAddress = "";

	private Phase phase = Phase.IDLE;

	private Persistence persistence = Persistence.KEEP;

	/** Whether anything that still arrives is discarded. */
	private boolean discarding;

	/** Answer to a request that is refused by its head. */
	private @Nullable Answer refusal;

	private @Nullable IncomingBody body;

	private @Nullable String userAgent;

	/** The request that is not answered yet, as a listener observes it. */
	private ReceivedRequest request = ReceivedRequest.UNOBSERVED;

	/** Why that request has failed. */
	private @Nullable Throwable failure;

	ConnectionHandler(ServedEndpoint served, Channel channel) {
		this.served = served;
		this.channel = channel;
		this.timer = new ConnectionTimer(channel);
	}

	@Override
	public void channelActive(ChannelHandlerContext context) {
		this.peerAddress = PeerAddress.of(this.channel);
		this.timer.start(this.served.idleTimeout());
		context.fireChannelActive();
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (this.discarding) {
			ReferenceCountUtil.release(message);
		}
		else if (message instanceof RequestHead head) {
			received(head);
		}
		else if (message instanceof ByteBuf part) {
			received(part);
		}
		else {
			received((BodyEnd) message);
		}
	}

	private void received(RequestHead head) {
		if (!this.channel.isActive()) {
			// Part of a head, reported at the end of the connection
			return;
		}
		if (this.phase != Phase.IDLE) {
			closeAfterAnswer();
			this.channel.config().setAutoRead(false);
			return;
		}
		this.timer.stop();
		this.failure = null;
		this.request = this.served.listener().received(head, this.peerAddress);
		this.persistence = head.persistence();
		if (!head.isValid()) {
			closeAfterAnswer();
			fail(new NotAdmittedException(Rejection.UNEXPECTED,
					"A request has a head that is not one of HTTP, or is too large"));
			return;
		}
		this.refusal = refusal(head);
		if (this.refusal != null) {
			this.phase = Phase.REFUSED;
			return;
		}
		this.phase = Phase.RECEIVING;
		this.userAgent = head.userAgent();
		this.body = new IncomingBody(this.channel, this.served.bodies().begin(head.announced()), this::admitted);
		if (head.expectsContinue()) {
			this.channel.writeAndFlush(CONTINUE.duplicate());
		}
	}

	private @Nullable Answer refusal(RequestHead head) {
		Answer refusal = this.served.gate().refusal(head, this.peerAddress);
		if (refusal != null) {
			return refusal;
		}
		UnexpectedRequestException problem = this.served.gate().problem(head);
		return (problem != null) ? failed(problem) : null;
	}

	private void received(ByteBuf part) {
		if (this.phase == Phase.RECEIVING) {
			body().receive(part);
		}
		else {
			part.release();
		}
	}

	private void received(BodyEnd end) {
		if (this.phase == Phase.RECEIVING) {
			body().receive(end);
		}
		else if (this.phase == Phase.REFUSED && end == BodyEnd.COMPLETE) {
			answer(Objects.requireNonNull(this.refusal), null);
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) {
		if (this.phase == Phase.REFUSED) {
			// The rest of the body is not awaited
			closeAfterAnswer();
			answer(Objects.requireNonNull(this.refusal), null);
		}
		else if (this.phase == Phase.RECEIVING) {
			body().readComplete();
		}
		context.fireChannelReadComplete();
	}

	private IncomingBody body() {
		return Objects.requireNonNull(this.body);
	}

	private void admitted(CompletableFuture<?> turn) {
		this.phase = Phase.ANSWERING;
		Arrival arrival = body().arrival();
		if (!arrival.isEnded()) {
			closeAfterAnswer();
		}
		Exchange exchange = this.served.endpoint().admitted(arrival, turn);
		this.body = null;
		if (!this.channel.isActive() && arrival.isEnded()) {
			logger.debug("A client has gone while its request waited; its batch was not delivered");
			exchange.close();
			ended(0, 0);
		}
		else if (exchange.failure() != null) {
			answer(exchange, null);
		}
		else {
			new BatchRun(exchange, this.channel, this.served, this.userAgent, this.request, this::answer).start();
		}
	}

	private void answer(Exchange exchange, @Nullable Throwable broken) {
		Throwable failure = (broken != null) ? broken : exchange.failure();
		try {
			if (failure == null && this.channel.isActive()) {
				answer(Answer.reply(exchange.reply()), exchange);
				return;
			}
			exchange.close();
			if (failure != null) {
				fail(failure);
			}
			else {
				ended(0, 0);
			}
		}
		catch (Throwable ex) {
			exchange.close();
			this.failure = ex;
			ended(0, 0);
			exceptionCaught(ex);
		}
	}

	private void fail(Throwable failure) {
		Answer answer = failed(failure);
		if (this.channel.isActive()) {
			answer(answer, null);
		}
		else {
			ended(0, 0);
		}
	}

	private Answer failed(Throwable failure) {
		this.failure = failure;
		ThreadScope scope = this.request.enter();
		try {
			return Answer.failure(this.served.endpoint().fail(failure));
		}
		finally {
			scope.leave();
		}
	}

	// Has no effect the second time
	private void ended(int status, int bytes) {
		ReceivedRequest received = this.request;
		this.request = ReceivedRequest.UNOBSERVED;
		try {
			received.ended(status, bytes, this.failure);
		}
		catch (Throwable ex) {
			logger.error("A listener has failed at the end of a request", ex);
		}
		this.failure = null;
	}

	private void answer(Answer answer, @Nullable Exchange exchange) {
		this.phase = Phase.ANSWERING;
		this.refusal = null;
		if (this.served.endpoint().isDraining()) {
			// Makes the cluster send the next request to another instance
			this.persistence = Persistence.CLOSE;
		}
		new AnswerWriter(this.channel, answer, this.timer, this.served.writeTimeout(),
				(written, bytes) -> answered(answer, bytes, exchange, written))
			.write(this.persistence);
	}

	private void answered(Answer answer, int bytes, @Nullable Exchange exchange, boolean written) {
		try {
			if (exchange != null && written) {
				exchange.written();
			}
		}
		finally {
			if (exchange != null) {
				exchange.close();
			}
			ended(answer.status(), bytes);
			if (written && this.persistence != Persistence.CLOSE && !this.served.endpoint().isDraining()) {
				this.phase = Phase.IDLE;
				this.timer.start(this.served.idleTimeout());
			}
			else {
				this.discarding = true;
				this.channel.close();
			}
		}
	}

	private void closeAfterAnswer() {
		this.persistence = Persistence.CLOSE;
		this.discarding = true;
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext context, Object event) {
		if (event == ServerEvent.STOPPING && this.phase == Phase.IDLE) {
			context.close();
		}
		context.fireUserEventTriggered(event);
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		this.discarding = true;
		this.timer.end();
		if (this.phase == Phase.RECEIVING) {
			body().lost();
		}
		else if (this.phase != Phase.ANSWERING) {
			ended(0, 0);
		}
		context.fireChannelInactive();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		exceptionCaught(cause);
	}

	private void exceptionCaught(Throwable cause) {
		if (cause instanceof IOException || cause instanceof DecoderException) {
			logger.debug("A connection is closed, as it was lost or is not one of TLS", cause);
		}
		else {
			logger.error("A connection is closed after an unexpected exception", cause);
		}
		this.channel.close();
	}

	/**
	 * Phase of a connection.
	 */
	private enum Phase {

		/** Waits for the head of a request. */
		IDLE,

		/** A request was refused by its head; a body that has arrived is skipped. */
		REFUSED,

		/** The body of a request arrives, or waits for its turn. */
		RECEIVING,

		/** The batch of a request runs, or its answer is written. */
		ANSWERING

	}

}
