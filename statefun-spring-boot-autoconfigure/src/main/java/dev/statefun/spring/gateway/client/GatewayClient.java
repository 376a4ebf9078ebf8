package dev.statefun.spring.gateway.client;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.TargetAddress;
import dev.statefun.sdk.failure.ExceptionWrappers;
import dev.statefun.sdk.failure.FailureKind;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.registry.FunctionLookup;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.client.FunctionClient;
import dev.statefun.spring.client.FunctionRequestException;
import dev.statefun.spring.client.FunctionRequestException.Reason;
import dev.statefun.spring.gateway.GatewayReply;
import dev.statefun.spring.gateway.GatewayRequest;
import org.jspecify.annotations.Nullable;

/**
 * Client that reaches functions through a gateway.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class GatewayClient implements FunctionClient {

	private static final Duration MAX_TIMEOUT = Duration.ofDays(1);

	private final GatewayRequests requests;

	private final StatefulFunctions functions;

	private final Duration timeout;

	private final InstantSource clock;

	/**
	 * Create a client.
	 * @param requests sends the requests
	 * @param functions encodes and decodes messages
	 * @param timeout maximum duration of a request for which none is set
	 * @param clock gives requests their deadlines
	 */
	public GatewayClient(GatewayRequests requests, StatefulFunctions functions, Duration timeout, InstantSource clock) {
		this.requests = requests;
		this.functions = functions;
		this.timeout = timeout;
		this.clock = clock;
	}

	@Override
	public RequestSpec<Object> to(Address target) {
		return specOf(target);
	}

	@Override
	public <M> RequestSpec<M> to(TargetAddress<M> target) {
		FunctionLookup.require(this.functions, target.target());
		return specOf(target.address());
	}

	private <M> RequestSpec<M> specOf(Address target) {
		Objects.requireNonNull(target, "'target' must not be null");
		requireText(target.id(), "A message to '" + target.type() + "' needs an id that is not empty");
		return new Spec<>(target, this.timeout, Headers.empty(), (request) -> request);
	}

	private static void requireText(String text, String problem) {
		if (text.isEmpty()) {
			throw new IllegalArgumentException(problem);
		}
	}

	@SuppressWarnings("unchecked")
	private Any encode(Object message) {
		Objects.requireNonNull(message, "'message' must not be null");
		if (message instanceof Any any) {
			return any;
		}
		MessageMapping<Object> mapping = (MessageMapping<Object>) this.functions.mappings().of(message.getClass());
		try {
			return Any.newBuilder()
				.setTypeUrl(mapping.typename())
				.setValue(ByteString.copyFrom(mapping.codec().encode(message)))
				.build();
		}
		catch (Exception ex) {
			throw new IllegalStateException(
					"A message of the type '" + message.getClass().getName() + "' can't be encoded", ex);
		}
	}

	private <R> Decoder<R> decoderOf(Class<R> type) {
		if (type == Any.class) {
			return type::cast;
		}
		MessageMapping<R> mapping = this.functions.mappings().of(type);
		return (message) -> decode(message, mapping);
	}

	private static <R> R decode(Any message, MessageMapping<R> mapping) {
		if (!mapping.accepts(message.getTypeUrl())) {
			throw new FunctionRequestException(Reason.UNEXPECTED_REPLY, null,
					"The reply is of the type '" + message.getTypeUrl() + "'; expected " + mapping.typenames(), null);
		}
		byte[] bytes = message.getValue().toByteArray();
		try {
			return mapping.codec().decode(bytes, 0, bytes.length);
		}
		catch (Exception ex) {
			throw new FunctionRequestException(Reason.UNEXPECTED_REPLY, null,
					"The reply of the type '" + message.getTypeUrl() + "' can't be read", ex);
		}
	}

	private static <R> R valueOf(GatewayReply reply, Address target, Decoder<R> decoder) {
		if (reply.outcome() == GatewayReply.Outcome.REPLIED && reply.message() != null) {
			return decoder.decode(reply.message());
		}
		throw failure(reply, target);
	}

	private static FunctionRequestException failure(GatewayReply reply, Address target) {
		return switch (reply.outcome()) {
			case FAILED -> new FunctionRequestException(Reason.FAILED, failureOf(reply),
					"Function '" + target.type()
							+ "' could not handle the message, and has skipped it or sent it to its dead letters: "
							+ reply.failure(),
					null);
			case CONFLICT ->
				failure(Reason.CONFLICT, "The idempotency key was used for another message to '" + target.type() + "'");
			case UNKNOWN_FUNCTION -> failure(Reason.UNKNOWN_FUNCTION, "The gateway does not send to '" + target.type()
					+ "'. If the cluster has this function, add it to the 'statefun.gateway.targets' of the gateway");
			case REPLY_TOO_LARGE -> failure(Reason.REPLY_TOO_LARGE, "The reply of '" + target.type()
					+ "' is larger than the 'statefun.gateway.max-reply-size' of the gateway");
			case EXPIRED, PENDING -> failure(Reason.TIMED_OUT, "The request to '" + target.type()
					+ "' came after its timeout and was not executed, or its outcome is no longer kept");
			case BUSY -> failure(Reason.BUSY,
					"Too many requests with this idempotency key wait for the reply of '" + target.type() + "'");
			case NOT_FOUND -> failure(Reason.NOT_FOUND, "There is no such request");
			case REFUSED, REPLIED -> failure(Reason.REFUSED, "The gateway did not take the request to '" + target.type()
					+ "'; see 'statefun.gateway.max-request-size' there");
		};
	}

	private static FunctionRequestException failure(Reason reason, String message) {
		return new FunctionRequestException(reason, null, message, null);
	}

	// Another release, or another SDK, may have other kinds
	private static @Nullable FailureKind failureOf(GatewayReply reply) {
		for (FailureKind kind : FailureKind.values()) {
			if (kind.name().equals(reply.failure())) {
				return kind;
			}
		}
		return null;
	}

	/**
	 * Decodes a reply.
	 *
	 * @param <R> type of the reply
	 */
	private interface Decoder<R> {

		R decode(Any message);

	}

	/**
	 * Specification of a request of this client.
	 *
	 * @param <M> type of the messages
	 */
	private final class Spec<M> implements RequestSpec<M> {

		private final Address target;

		private final Duration timeout;

		private final Headers headers;

		private final UnaryOperator<GatewayRequest> options;

		private Spec(Address target, Duration timeout, Headers headers, UnaryOperator<GatewayRequest> options) {
			this.target = target;
			this.timeout = timeout;
			this.headers = headers;
			this.options = options;
		}

		private RequestSpec<M> with(UnaryOperator<GatewayRequest> option) {
			return new Spec<>(this.target, this.timeout, this.headers,
					(request) -> option.apply(this.options.apply(request)));
		}

		@Override
		public RequestSpec<M> idempotencyKey(String key) {
			requireKey(key, "idempotency key");
			return with((request) -> request.idempotencyKey(key));
		}

		@Override
		public RequestSpec<M> principal(String name) {
			requireKey(name, "name of a principal");
			return with((request) -> request.principal(name));
		}

		private void requireKey(String text, String subject) {
			if (text.isEmpty() || text.length() > GatewayRequest.MAX_KEY_LENGTH) {
				throw new IllegalArgumentException("The " + subject + " has " + text.length()
						+ " characters; expected 1 to " + GatewayRequest.MAX_KEY_LENGTH);
			}
		}

		@Override
		public RequestSpec<M> headers(Headers headers) {
			return new Spec<>(this.target, this.timeout, this.headers.and(headers), this.options);
		}

		@Override
		public RequestSpec<M> timeout(Duration timeout) {
			if (timeout.toMillis() < 1 || timeout.compareTo(MAX_TIMEOUT) > 0) {
				throw new IllegalArgumentException("The timeout is " + timeout + "; expected 1 ms to 1 day");
			}
			return new Spec<>(this.target, timeout, this.headers, this.options);
		}

		@Override
		public RequestSpec<M> executeLate() {
			return with(GatewayRequest::asExecutedLate);
		}

		@Override
		public CompletionStage<Void> send(M message) {
			GatewayRequest request = GatewayRequest.send(GatewayClient.this.requests.newId(), this.target,
					encode(message));
			return GatewayClient.this.requests.send(complete(request), this.timeout);
		}

		@Override
		public <R> CompletionStage<R> request(M message, Class<R> reply) {
			Decoder<R> decoder = decoderOf(reply);
			GatewayRequests requests = GatewayClient.this.requests;
			GatewayRequest request = GatewayRequest.request(requests.newId(), this.target, encode(message),
					requests.replyDestination(), GatewayClient.this.clock.instant().plus(this.timeout));
			CompletableFuture<GatewayReply> pending = requests.request(complete(request), this.timeout);
			Address target = this.target;
			CompletableFuture<R> value = pending.thenApply((outcome) -> valueOf(outcome, target, decoder));
			value.whenComplete((done, ex) -> {
				if (value.isCancelled()) {
					pending.cancel(false);
				}
			});
			return value;
		}

		private GatewayRequest complete(GatewayRequest request) {
			return this.options.apply(request.headers(this.headers));
		}

		@Override
		public <R> R call(M message, Class<R> reply) {
			CompletableFuture<R> value = request(message, reply).toCompletableFuture();
			try {
				return value.get();
			}
			catch (InterruptedException ex) {
				value.cancel(false);
				Thread.currentThread().interrupt();
				throw new FunctionRequestException(Reason.TIMED_OUT, null,
						"The thread was interrupted while it waited for the reply of '" + this.target.type()
								+ "'. The message may or may not have been handled",
						ex);
			}
			catch (ExecutionException ex) {
				throw failureOf(ex);
			}
		}

		// With the stack of the caller
		private RuntimeException failureOf(ExecutionException thrown) {
			Throwable cause = ExceptionWrappers.unwrap(thrown);
			if (cause instanceof FunctionRequestException ex) {
				return new FunctionRequestException(ex.reason(), ex.failure(),
						Objects.requireNonNullElse(ex.getMessage(), ""), ex);
			}
			return new IllegalStateException("The request to '" + this.target.type() + "' failed", cause);
		}

	}

}
