package dev.statefun.spring.gateway.web;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.failure.ExceptionWrappers;
import dev.statefun.sdk.http.HttpMessages;
import dev.statefun.sdk.http.HttpMessages.MessageType;
import dev.statefun.sdk.http.UnreadableRequestException;
import dev.statefun.sdk.http.UnreadableRequestException.Fault;
import dev.statefun.spring.client.FunctionRequestException;
import dev.statefun.spring.client.FunctionRequestException.Reason;
import dev.statefun.spring.gateway.GatewayReply;
import dev.statefun.spring.gateway.GatewayRequest;
import dev.statefun.spring.gateway.client.GatewayRequests;
import dev.statefun.spring.web.UnreadBody;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.RequestPath;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncManager;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.cors.CorsUtils;

/**
 * HTTP access to functions. A request waits for its reply without a thread.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class GatewayHttpHandler implements HttpRequestHandler {

	private static final Log logger = LogFactory.getLog(GatewayHttpHandler.class);

	/** How much later than the gateway's client the server would end a request. */
	private static final Duration MARGIN = Duration.ofMinutes(1);

	/** A quarter of Tomcat's threads. */
	private static final int MAX_READING = 50;

	/** Kind of a failure, as other releases may know more of them. */
	private static final Pattern KIND = Pattern.compile("[A-Z_]{1,64}");

	private static final String NOT_FOUND = "There is no such function or request here, or no access to it";

	private final GatewayHttpSettings settings;

	private final AllowedFunctions functions;

	private final HttpMessages messages;

	private final ReplyBodies bodies;

	private final GatewayRequests requests;

	private final Supplier<byte[]> document;

	private final InstantSource clock;

	private final AtomicInteger waiting = new AtomicInteger();

	private final Semaphore reading = new Semaphore(MAX_READING);

	/**
	 * Create the access.
	 * @param settings its settings
	 * @param functions the functions that can be reached
	 * @param messages converts messages
	 * @param requests sends requests to the gateway
	 * @param document returns the description of the functions
	 * @param clock tells the deadline of a request
	 */
	public GatewayHttpHandler(GatewayHttpSettings settings, AllowedFunctions functions, HttpMessages messages,
			GatewayRequests requests, Supplier<byte[]> document, InstantSource clock) {
		this.settings = settings;
		this.functions = functions;
		this.messages = messages;
		this.bodies = new ReplyBodies(messages);
		this.requests = requests;
		this.document = document;
		this.clock = clock;
	}

	/**
	 * Return the number of requests that wait for a reply.
	 * @return the number
	 */
	public int waiting() {
		return this.waiting.get();
	}

	@Override
	public void handleRequest(HttpServletRequest request, HttpServletResponse response)
			throws ServletException, IOException {
		WebAsyncManager async = WebAsyncUtils.getAsyncManager(request);
		if (async.hasConcurrentResult()) {
			Object result = async.getConcurrentResult();
			async.clearConcurrentResult();
			if (result instanceof HttpAnswer answer) {
				answer.write(request, response);
				return;
			}
			throw new ServletException("A request ended without an answer",
					(result instanceof Throwable ex) ? ex : null);
		}
		try {
			HttpAnswer answer = begin(request, response);
			if (answer != null) {
				answer.write(request, response);
			}
		}
		catch (ProblemException ex) {
			UnreadBody.leaveUnlessBuffered(request);
			UnreadBody.closeConnection(request, response);
			HttpAnswer.of(ex).write(request, response);
		}
	}

	// Null if the answer comes later
	private @Nullable HttpAnswer begin(HttpServletRequest request, HttpServletResponse response)
			throws ServletException, IOException, ProblemException {
		// Within the context, where rules of security apply: another servlet may have a
		// path of its own before it
		String path = RequestPath.parse(request.getRequestURI(), request.getContextPath())
			.pathWithinApplication()
			.value();
		GatewayPath meaning = GatewayPath.of(path, this.settings.pathInContext());
		if (meaning instanceof GatewayPath.Function function && this.functions.contain(function.address().type())) {
			return isMethod(request, "POST") ? send(function.address(), request, response)
					: otherMethod(request, response, "POST, OPTIONS");
		}
		if (meaning instanceof GatewayPath.Reply reply) {
			return isMethod(request, "GET", "HEAD") ? poll(reply.request(), request, response)
					: otherMethod(request, response, "GET, HEAD, OPTIONS");
		}
		if (meaning instanceof GatewayPath.Document) {
			return isMethod(request, "GET", "HEAD") ? new HttpAnswer(200, "application/json", this.document.get())
					: otherMethod(request, response, "GET, HEAD, OPTIONS");
		}
		throw new ProblemException(ProblemType.NOT_FOUND, NOT_FOUND);
	}

	private static boolean isMethod(HttpServletRequest request, String... methods) {
		return List.of(methods).contains(request.getMethod());
	}

	private static HttpAnswer otherMethod(HttpServletRequest request, HttpServletResponse response, String allowed)
			throws IOException {
		UnreadBody.leaveUnlessBuffered(request);
		UnreadBody.closeConnection(request, response);
		HttpAnswer answer = isMethod(request, "OPTIONS") ? new HttpAnswer(HttpServletResponse.SC_NO_CONTENT)
				: HttpAnswer.problem(ProblemType.METHOD_NOT_ALLOWED, "Only these methods are possible here: " + allowed,
						Map.of());
		return answer.header("Allow", allowed);
	}

	private @Nullable HttpAnswer send(Address target, HttpServletRequest request, HttpServletResponse response)
			throws ServletException, IOException, ProblemException {
		if (isOfAnotherSite(request, response)) {
			throw new ProblemException(ProblemType.CROSS_SITE,
					"A page of another site has sent this, and no CORS configuration allows it");
		}
		String key = IdempotencyKey.of(headers(request, IdempotencyKey.HEADER));
		Preferences preferences = preferences(request);
		MessageType type;
		try {
			type = this.messages.type(headers(request, "Content-Type"));
		}
		catch (UnreadableRequestException ex) {
			throw unreadable(target, ex);
		}
		Any message;
		try {
			message = read(target, type, request);
		}
		catch (UnreadableRequestException ex) {
			return HttpAnswer.of(unreadable(target, ex));
		}
		GatewayRequest exchange = exchange(target, message).idempotencyKey(key)
			.principal(PrincipalName.of(request.getUserPrincipal()));
		Representation form = Representation.ofReplyTo(type, message, headers(request, "Accept"));
		if (preferences == null) {
			return await(() -> this.requests.request(exchange, this.settings.timeout()), answerOf(form, null, null),
					request, response);
		}
		HttpAnswer accepted = accepted(exchange.id(), preferences, request);
		if (preferences.maxWait().isZero()) {
			return await(() -> this.requests.send(exchange.asPollable(), this.settings.timeout()).toCompletableFuture(),
					(done, ex) -> (ex != null) ? failed(ex, null) : accepted, request, response);
		}
		return await(() -> this.requests.request(exchange.asPollable(), preferences.maxWait()),
				answerOf(form, null, accepted), request, response);
	}

	// Reading and converting take a thread and memory, so slow senders must not take all
	private Any read(Address target, MessageType type, HttpServletRequest request)
			throws IOException, ProblemException, UnreadableRequestException {
		if (!this.reading.tryAcquire()) {
			throw new ProblemException(ProblemType.BUSY, MAX_READING + " bodies are read at the moment already");
		}
		try {
			return this.messages.message(target.type(), type,
					RequestBody.read(request, this.settings.maxRequestSize()));
		}
		finally {
			this.reading.release();
		}
	}

	private GatewayRequest exchange(Address target, Any message) throws ProblemException {
		try {
			return GatewayRequest.request(this.requests.newId(), target, message, this.requests.replyDestination(),
					this.clock.instant().plus(this.settings.timeout()));
		}
		catch (IllegalArgumentException ex) {
			throw new ProblemException(ProblemType.UNSUPPORTED_CONTENT_TYPE,
					"Messages of this type are not possible here", List.of());
		}
	}

	// Browsers send texts without asking first. Where that is allowed, a filter has set
	// the header of the response. Pages of plain HTTP have an origin only
	private static boolean isOfAnotherSite(HttpServletRequest request, HttpServletResponse response) {
		if (response.getHeader("Access-Control-Allow-Origin") != null) {
			return false;
		}
		String site = request.getHeader("Sec-Fetch-Site");
		return (site != null) ? site.equals("cross-site") || site.equals("same-site")
				: CorsUtils.isCorsRequest(request);
	}

	// Without the exception's own text, which may be that of an application's class
	private ProblemException unreadable(Address target, UnreadableRequestException ex) {
		if (ex.fault() == Fault.BODY) {
			return new ProblemException(ProblemType.MALFORMED_REQUEST, ex.description());
		}
		List<String> accepts = this.messages.typenames(target.type())
			.stream()
			.map((typename) -> HttpMessages.PREFIX + typename)
			.toList();
		return new ProblemException(ProblemType.UNSUPPORTED_CONTENT_TYPE, ex.description(), accepts);
	}

	private @Nullable HttpAnswer poll(String id, HttpServletRequest request, HttpServletResponse response)
			throws ServletException {
		Preferences preferences = preferences(request);
		Representation form = Representation.accepted(headers(request, "Accept"), Representation.JSON);
		HttpAnswer pending = accepted(id, preferences, request);
		if (preferences == null || preferences.maxWait().isZero()) {
			Duration timeout = this.settings.timeout();
			GatewayRequest poll = GatewayRequest
				.poll(this.requests.newId(), id, this.requests.replyDestination(), this.clock.instant().plus(timeout))
				.principal(PrincipalName.of(request.getUserPrincipal()));
			return await(() -> this.requests.request(poll, timeout), answerOf(form, pending, null), request, response);
		}
		GatewayRequest await = GatewayRequest
			.await(this.requests.newId(), id, this.requests.replyDestination(),
					this.clock.instant().plus(preferences.maxWait()))
			.principal(PrincipalName.of(request.getUserPrincipal()));
		return await(() -> this.requests.request(await, preferences.maxWait()), answerOf(form, pending, pending),
				request, response);
	}

	private HttpAnswer accepted(String id, @Nullable Preferences preferences, HttpServletRequest request) {
		String path = request.getContextPath() + this.settings.pathInContext();
		HttpAnswer answer = new HttpAnswer(HttpServletResponse.SC_ACCEPTED)
			.header("Location", path + "/" + GatewayPath.RESERVED + "/" + GatewayPath.REQUESTS + "/" + id)
			.header("Retry-After", "1");
		return (preferences != null) ? answer.header("Preference-Applied", preferences.applied()) : answer;
	}

	private @Nullable Preferences preferences(HttpServletRequest request) {
		return Preferences.of(headers(request, "Prefer"), this.settings.timeout());
	}

	private static List<String> headers(HttpServletRequest request, String name) {
		return Collections.list(request.getHeaders(name));
	}

	private <T> @Nullable HttpAnswer await(Supplier<CompletableFuture<T>> begin,
			BiFunction<@Nullable T, @Nullable Throwable, HttpAnswer> answer, HttpServletRequest request,
			HttpServletResponse response) throws ServletException {
		// Before the message is sent
		if (!request.isAsyncSupported()) {
			throw cannotWait(null);
		}
		if (this.waiting.incrementAndGet() > this.settings.maxWaiting()) {
			this.waiting.decrementAndGet();
			return HttpAnswer.problem(ProblemType.BUSY, this.settings.maxWaiting() + " requests wait already",
					Map.of());
		}
		CompletableFuture<T> future;
		try {
			future = begin.get();
		}
		catch (RuntimeException | Error ex) {
			this.waiting.decrementAndGet();
			throw ex;
		}
		future.whenComplete((done, ex) -> this.waiting.decrementAndGet());
		awaitWithoutThread(future, answer, request, response);
		return null;
	}

	// What the answer refers to is kept as long as the client waits, so it must not refer
	// to the body
	private static <T> void awaitWithoutThread(CompletableFuture<T> future,
			BiFunction<@Nullable T, @Nullable Throwable, HttpAnswer> answer, HttpServletRequest request,
			HttpServletResponse response) throws ServletException {
		DeferredResult<HttpAnswer> deferred = new DeferredResult<>(Duration.ofDays(1).plus(MARGIN).toMillis());
		// A client that has gone away waits no longer
		deferred.onError((ex) -> future.cancel(false));
		deferred.onTimeout(() -> future.cancel(false));
		deferred.onCompletion(() -> future.cancel(false));
		WebAsyncManager async = WebAsyncUtils.getAsyncManager(request);
		async.setAsyncWebRequest(WebAsyncUtils.createAsyncWebRequest(request, response));
		try {
			async.startDeferredResultProcessing(deferred);
		}
		catch (Exception ex) {
			future.cancel(false);
			throw cannotWait(ex);
		}
		future.handle(answer).whenComplete((result, ex) -> {
			if (ex != null) {
				deferred.setErrorResult(ex);
			}
			else {
				deferred.setResult(result);
			}
		});
	}

	private static ServletException cannotWait(@Nullable Exception cause) {
		return new ServletException("A request can't wait for its reply. A filter in front of the gateway may not "
				+ "support asynchronous processing; call setAsyncSupported(true) on its registration", cause);
	}

	private BiFunction<@Nullable GatewayReply, @Nullable Throwable, HttpAnswer> answerOf(Representation form,
			@Nullable HttpAnswer pending, @Nullable HttpAnswer timedOut) {
		return (reply, ex) -> (reply != null) ? answer(reply, form, pending)
				: failed(Objects.requireNonNull(ex), timedOut);
	}

	private HttpAnswer answer(GatewayReply reply, Representation form, @Nullable HttpAnswer pending) {
		return switch (reply.outcome()) {
			case REPLIED ->
				this.bodies.answer((reply.message() != null) ? reply.message() : Any.getDefaultInstance(), form);
			case FAILED -> HttpAnswer.problem(ProblemType.FAILED, "The function did not accept the message",
					kind(reply.failure()));
			case CONFLICT -> problem(ProblemType.CONFLICT,
					"The idempotency key was used with another message to this function instance; use another key");
			case UNKNOWN_FUNCTION, NOT_FOUND -> problem(ProblemType.NOT_FOUND, NOT_FOUND);
			case REPLY_TOO_LARGE -> problem(ProblemType.REPLY_TOO_LARGE,
					"The function has handled the message, but its reply is larger than the gateway passes on");
			case EXPIRED -> problem(ProblemType.EXPIRED,
					"The request came to the gateway after its deadline, and the message was not handled");
			case BUSY -> problem(ProblemType.BUSY, "Too many requests wait for the same reply");
			case PENDING -> (pending != null) ? pending
					: problem(ProblemType.REFUSED, "The gateway's reply does not belong to the request");
			case REFUSED -> problem(ProblemType.REFUSED, "The gateway does not take requests of this application");
		};
	}

	private static Map<String, ?> kind(@Nullable String failure) {
		return (failure != null && KIND.matcher(failure).matches()) ? Map.of("kind", failure) : Map.of();
	}

	private static HttpAnswer failed(Throwable failure, @Nullable HttpAnswer timedOut) {
		Throwable cause = ExceptionWrappers.unwrap(failure);
		Reason reason = (cause instanceof FunctionRequestException known) ? known.reason() : null;
		if (reason == Reason.TIMED_OUT) {
			return (timedOut != null) ? timedOut : problem(ProblemType.TIMED_OUT,
					"There was no reply in time. The message may or may not have been handled; to ask again without "
							+ "handling it twice, send the header '" + IdempotencyKey.HEADER + "'");
		}
		if (reason == Reason.BUSY) {
			return problem(ProblemType.BUSY, "This application waits for too many replies");
		}
		if (reason == Reason.REQUEST_TOO_LARGE) {
			return problem(ProblemType.REQUEST_TOO_LARGE, "The message is larger than the gateway takes");
		}
		if (reason != Reason.UNAVAILABLE && !(cause instanceof CancellationException)) {
			logger.error("A request to the gateway failed", cause);
		}
		else {
			logger.debug("The gateway can't be reached", cause);
		}
		return problem(ProblemType.UNAVAILABLE, "The gateway can't be reached");
	}

	private static HttpAnswer problem(ProblemType type, String detail) {
		return HttpAnswer.problem(type, detail, Map.of());
	}

}
