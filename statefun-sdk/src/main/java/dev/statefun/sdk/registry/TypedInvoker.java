package dev.statefun.sdk.registry;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Supplier;

import com.google.protobuf.Any;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.failure.UnhandledMessageException;
import dev.statefun.sdk.message.DeclaredTypes;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.message.MessageMappings;
import dev.statefun.sdk.protocol.BytesTable;
import dev.statefun.sdk.protocol.Utf8;
import dev.statefun.sdk.registry.FunctionDescriptor.HandlerDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Calls the {@link Handler @Handler} method for the type of a message. Methods are found
 * by the whole type name, then, for types that ignore the prefix, by the part after the
 * last {@code /} (protocol.md §7.4).
 */
final class TypedInvoker implements FunctionInvoker {

	private final FunctionType function;

	private final Supplier<?> instance;

	private final @Nullable MessageValidator validator;

	private final BytesTable<Route> byTypename;

	private final BytesTable<Route> bySuffix;

	private final @Nullable HandlerMethod fallback;

	private final List<HandlerDescriptor> handlers;

	private final Map<String, String> requiredHeaders;

	private TypedInvoker(FunctionType function, Supplier<?> instance, @Nullable MessageValidator validator,
			Map<String, Route> byTypename, Map<String, Route> bySuffix, @Nullable HandlerMethod fallback,
			Map<String, String> requiredHeaders) {
		this.function = function;
		this.instance = instance;
		this.validator = validator;
		this.byTypename = new BytesTable<>(byTypename);
		this.bySuffix = new BytesTable<>(bySuffix);
		this.fallback = fallback;
		List<HandlerDescriptor> handlers = new ArrayList<>();
		byTypename.forEach((typename, route) -> handlers.add(new HandlerDescriptor(typename,
				route.message().codec().type(), route.handler().description(), route.handler().replyTypes())));
		if (fallback != null) {
			handlers.add(new HandlerDescriptor("*", Any.class, fallback.description(), fallback.replyTypes()));
		}
		this.handlers = List.copyOf(handlers);
		this.requiredHeaders = Map.copyOf(requiredHeaders);
	}

	static TypedInvoker of(FunctionType type, FunctionSource function, DeclaredStates states, MessageMappings mappings,
			HandlerTables tables, Supplier<? extends MessageValidator> validators) {
		Map<String, Route> byTypename = new LinkedHashMap<>();
		Map<String, Route> bySuffix = new HashMap<>();
		DeclaredTypes types = DeclaredTypes.of(function.handlerClass());
		HandlerMethod fallback = null;
		MessageValidator validator = null;
		Map<String, String> requiredHeaders = new HashMap<>();
		for (Method method : HandlerMethods.of(function.handlerClass())) {
			HandlerMethod handler = HandlerMethod.of(method, function, types, states, mappings, tables);
			handler.requiredHeaders().forEach((key) -> requiredHeaders.put(handler.description(), key));
			if (handler.isValidated()) {
				validator = validatorFor(handler, function, validators);
			}
			if (handler.messages().isEmpty()) {
				requireUnique(function, "google.protobuf.Any", fallback, handler);
				fallback = handler;
			}
			for (MessageMapping<?> message : handler.messages()) {
				for (String typename : message.typenames()) {
					Route route = new Route(handler, message, byTypename.size());
					requireUnique(function, typename, byTypename.put(typename, route), handler);
				}
				Route written = byTypename.get(message.typename());
				for (String name : new TreeSet<>(message.codec().unqualifiedNames())) {
					requireUnique(function, "*/" + name, bySuffix.put(name, written), handler);
				}
			}
		}
		if (byTypename.isEmpty() && fallback == null) {
			throw new InvalidFunctionException(function.origin(),
					"class '" + function.handlerClass().getName()
							+ "' has no @Handler method and is no FunctionHandler",
					"Add a method with @Handler, or implement FunctionHandler", null);
		}
		return new TypedInvoker(type, function.instance(), validator, byTypename, bySuffix, fallback, requiredHeaders);
	}

	private static MessageValidator validatorFor(HandlerMethod handler, FunctionSource function,
			Supplier<? extends MessageValidator> validators) {
		try {
			return Objects.requireNonNull(validators.get(), "the supplier of the validator returned null");
		}
		catch (InvalidDeclarationException ex) {
			throw InvalidFunctionException.of(function.origin(), "handler '" + handler.description() + "'", ex);
		}
	}

	private static void requireUnique(FunctionSource function, String typename, @Nullable Route first,
			HandlerMethod second) {
		requireUnique(function, typename, (first != null) ? first.handler() : null, second);
	}

	private static void requireUnique(FunctionSource function, String typename, @Nullable HandlerMethod first,
			HandlerMethod second) {
		if (first != null) {
			throw new InvalidFunctionException(function.origin(),
					"handlers '" + first.description() + "' and '" + second.description()
							+ "' both take messages of the type '" + typename + "'",
					"Keep one handler for each type", null);
		}
	}

	@Override
	public @Nullable Object invoke(IncomingMessage message) throws Throwable {
		boolean interrupted = Thread.currentThread().isInterrupted();
		Route route = message.find(this.byTypename, this.bySuffix);
		if (route != null) {
			message.handledBy(route.position());
			return invoke(route.handler(), message.message(route.message()), message, interrupted);
		}
		if (this.fallback != null) {
			message.handledBy(this.handlers.size() - 1);
			return invoke(this.fallback, message.message(), message, interrupted);
		}
		throw new UnhandledMessageException(this.function, message.typename(),
				this.handlers.stream().map(HandlerDescriptor::typename).toList());
	}

	// The handler must not see an interruption left behind by a codec or the validator
	private @Nullable Object invoke(HandlerMethod handler, Object message, IncomingMessage incoming,
			boolean interrupted) throws Throwable {
		if (this.validator != null && handler.isValidated()) {
			this.validator.validate(message);
		}
		Object instance = this.instance.get();
		incoming.restoreInterruption(interrupted);
		return handler.invoke(instance, message, incoming);
	}

	@Override
	public boolean takes(String typename) {
		byte[] name = Utf8.encode(typename);
		byte[] suffix = Utf8.encode(typename.substring(typename.lastIndexOf('/') + 1));
		return this.fallback != null || this.byTypename.find(name, 0, name.length) != null
				|| this.bySuffix.find(suffix, 0, suffix.length) != null;
	}

	@Override
	public Map<String, String> requiredHeaders() {
		return this.requiredHeaders;
	}

	@Override
	public List<HandlerDescriptor> handlers() {
		return this.handlers;
	}

	/**
	 * Handler of one message type.
	 *
	 * @param handler the method to call
	 * @param message mapping that decodes the messages
	 * @param position position of the handler in the descriptor
	 */
	private record Route(HandlerMethod handler, MessageMapping<?> message, int position) {

	}

}
