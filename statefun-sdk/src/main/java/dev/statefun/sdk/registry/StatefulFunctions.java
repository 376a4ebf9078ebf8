package dev.statefun.sdk.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Target;
import dev.statefun.sdk.egress.Egress;
import dev.statefun.sdk.egress.EgressDestination;
import dev.statefun.sdk.message.DeclaredTypes;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.message.JsonEncoder;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.message.MessageCodecFactory;
import dev.statefun.sdk.message.MessageMappings;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.BytesTable;
import org.jspecify.annotations.Nullable;

/**
 * Registry of the functions of a service and of their message types. Immutable and
 * thread-safe.
 *
 * <pre class="code">
 * StatefulFunctions functions = StatefulFunctions.builder()
 * 	.register("example/count", new CountGreeter())
 * 	.register(FunctionSpec.of("example/caller"), (context, message) -> …)
 * 	.build();
 * </pre>
 *
 * @since 0.1.0
 */
public final class StatefulFunctions {

	private final Map<FunctionType, RegisteredFunction> functions;

	private final BytesTable<RegisteredFunction> byTypename;

	private final MessageMappings mappings;

	private final @Nullable JsonEncoder json;

	private final TargetCheck targets;

	private final RegisteredEgresses egresses;

	private StatefulFunctions(Map<FunctionType, RegisteredFunction> functions, MessageMappings mappings,
			@Nullable JsonEncoder json, RegisteredEgresses egresses) {
		Map<String, RegisteredFunction> byTypename = new HashMap<>();
		functions.forEach((type, function) -> byTypename.put(type.toString(), function));
		this.functions = functions;
		this.byTypename = new BytesTable<>(byTypename);
		this.mappings = mappings;
		this.json = json;
		this.targets = new TargetCheck(functions);
		this.egresses = egresses;
	}

	/**
	 * Create a builder of a registry.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Describe the functions, in the order of their registration.
	 * @return a description of each function
	 */
	public List<FunctionDescriptor> functions() {
		return this.functions.values().stream().map(RegisteredFunction::describe).toList();
	}

	/**
	 * Return the mappings of Java types to messages and states.
	 * @return the message types of this registry
	 */
	public MessageMappings mappings() {
		return this.mappings;
	}

	/**
	 * Return the writer for egress records with an object as their value.
	 * @return the writer, or {@code null} if there is none
	 */
	public @Nullable JsonEncoder json() {
		return this.json;
	}

	@Nullable RegisteredFunction find(BatchRequest request) {
		RegisteredFunction function = request.findTarget(this.byTypename);
		// The name is ambiguous if one of its parts contains a slash
		return (function != null && function.nameLength() == request.targetNameLength()) ? function : null;
	}

	/**
	 * Return the destinations of the typed egresses, in the order of their registration.
	 * @return destinations by the name of the egress
	 */
	public Map<String, EgressDestination> egresses() {
		return this.egresses.destinations();
	}

	Collection<RegisteredFunction> registered() {
		return this.functions.values();
	}

	RegisteredEgresses boundEgresses() {
		return this.egresses;
	}

	TargetCheck targets() {
		return this.targets;
	}

	/**
	 * Builder of a registry. Not thread-safe.
	 */
	public static final class Builder {

		private final Map<FunctionType, Registration> registrations = new LinkedHashMap<>();

		private final List<MessageCodecFactory> codecs = new ArrayList<>();

		private final Map<Class<?>, MessageCodec<?>> codecsByClass = new HashMap<>();

		private final Map<Class<? extends Message>, List<String>> protobufTypenames = new HashMap<>();

		private final Map<Target<?>, String> targets = new LinkedHashMap<>();

		private final Map<String, EgressDestination> egresses = new LinkedHashMap<>();

		private @Nullable JsonEncoder json;

		private Supplier<? extends MessageValidator> validator = Builder::noValidator;

		private Builder() {
		}

		/**
		 * Register an object with {@link Handler @Handler} methods, or a
		 * {@link FunctionHandler}.
		 * @param typename type of the function, in the form {@code <namespace>/<name>}
		 * @param function the object; must be thread-safe
		 * @return this builder
		 * @throws IllegalArgumentException if the name has another form
		 * @throws DuplicateFunctionException if the type is registered already
		 */
		public Builder register(String typename, Object function) {
			return register(FunctionType.parse(typename),
					(function instanceof FunctionSource described) ? described : FunctionSource.of(function));
		}

		/**
		 * Register an object with {@link Handler @Handler} methods, or a
		 * {@link FunctionHandler}, by its description.
		 * @param type type of the function
		 * @param function description of the object and how it is called
		 * @return this builder
		 * @throws DuplicateFunctionException if the type is registered already
		 */
		public Builder register(FunctionType type, FunctionSource function) {
			Objects.requireNonNull(function, "'function' must not be null");
			return register(type, function.origin(), function.handlerClass(),
					(mappings, tables) -> annotated(type, function, mappings, tables));
		}

		/**
		 * Register a function in its untyped form.
		 * @param spec type, states and timers of the function; those that the handler
		 * declares are added
		 * @param handler the function; must be thread-safe
		 * @return this builder
		 * @throws DuplicateFunctionException if the type is registered already
		 */
		public Builder register(FunctionSpec spec, FunctionHandler handler) {
			Objects.requireNonNull(spec, "'spec' must not be null");
			Objects.requireNonNull(handler, "'handler' must not be null");
			String origin = "handler '" + simpleName(handler.getClass()) + "'";
			return register(spec.type(), origin, handler.getClass(),
					(mappings, tables) -> untyped(spec, FunctionSource.of(handler).origin(origin), mappings));
		}

		private Builder register(FunctionType type, String origin, Class<?> handlerClass, FunctionFactory factory) {
			Objects.requireNonNull(type, "'type' must not be null");
			Registration first = this.registrations.putIfAbsent(type, new Registration(origin, handlerClass, factory));
			if (first != null) {
				throw new DuplicateFunctionException(type, first.origin(), origin);
			}
			return this;
		}

		/**
		 * Add a target to be checked when the registry is built. Those in static fields
		 * of function classes are checked anyway.
		 * @param origin the declaration of the target, such as {@code bean 'cart'}
		 * @param target the target
		 * @return this builder
		 */
		public Builder target(String origin, Target<?> target) {
			Objects.requireNonNull(origin, "'origin' must not be null");
			this.targets.putIfAbsent(Objects.requireNonNull(target, "'target' must not be null"), origin);
			return this;
		}

		/**
		 * Set the destination of a typed egress.
		 * @param name name of the egress, as given to {@link Egress#of}
		 * @param destination its destination
		 * @return this builder
		 * @throws IllegalArgumentException if the egress already has a destination
		 */
		public Builder egress(String name, EgressDestination destination) {
			Objects.requireNonNull(name, "'name' must not be null");
			Objects.requireNonNull(destination, "'destination' must not be null");
			EgressDestination first = this.egresses.putIfAbsent(name, destination);
			if (first != null) {
				throw new InvalidDeclarationException(
						"Egress '" + name + "' is declared as the " + first + " and as the " + destination,
						"Give one of them another name, or remove one", null);
			}
			return this;
		}

		/**
		 * Set the type name of a protobuf message. Its default name
		 * {@code type.googleapis.com/<full name>} is still read.
		 * @param type the message class
		 * @param typename the name to write, in the form {@code <namespace>/<name>}
		 * @param aliases further names under which the message may arrive
		 * @return this builder
		 * @throws IllegalArgumentException if the message already has another name
		 */
		public Builder protobuf(Class<? extends Message> type, String typename, String... aliases) {
			Objects.requireNonNull(type, "'type' must not be null");
			Objects.requireNonNull(typename, "'typename' must not be null");
			List<String> typenames = new ArrayList<>(List.of(aliases));
			typenames.add(0, typename);
			List<String> first = this.protobufTypenames.putIfAbsent(type, List.copyOf(typenames));
			if (first != null) {
				throw new InvalidDeclarationException(
						"Protobuf message '" + type.getName() + "' is given the names " + first + " and " + typenames,
						"Give all its names in one call, the one to write first", null);
			}
			return this;
		}

		/**
		 * Add the codec of one class of messages and states. It takes precedence over the
		 * factories.
		 * @param codec the codec
		 * @return this builder
		 * @throws IllegalArgumentException if there already is a codec for the class; a
		 * class with other type arguments needs a {@link #codecs factory}
		 */
		public Builder codec(MessageCodec<?> codec) {
			Objects.requireNonNull(codec, "'codec' must not be null");
			MessageCodec<?> first = this.codecsByClass.putIfAbsent(DeclaredTypes.classOf(codec.type()), codec);
			if (first != null) {
				throw new InvalidDeclarationException(
						"There are two codecs for '" + codec.type().getTypeName() + "', with the message types '"
								+ first.typename() + "' and '" + codec.typename() + "'",
						"Keep one of them; further names of a type are the aliases of its codec", null);
			}
			return this;
		}

		/**
		 * Add a factory for the codecs of messages and states.
		 * @param factory the factory; earlier ones take precedence
		 * @return this builder
		 */
		public Builder codecs(MessageCodecFactory factory) {
			this.codecs.add(Objects.requireNonNull(factory, "'factory' must not be null"));
			return this;
		}

		/**
		 * Set the writer for egress records with an object as their value.
		 * @param json the writer
		 * @return this builder
		 */
		public Builder json(JsonEncoder json) {
			this.json = Objects.requireNonNull(json, "'json' must not be null");
			return this;
		}

		/**
		 * Set the validator of messages.
		 * @param validator the validator
		 * @return this builder
		 */
		public Builder validator(MessageValidator validator) {
			Objects.requireNonNull(validator, "'validator' must not be null");
			return validatorSupplier(() -> validator);
		}

		/**
		 * Set a supplier of the validator, which is only called if a handler needs it.
		 * @param validator supplies the validator while the registry is built; throws an
		 * {@link InvalidDeclarationException} if there is none
		 * @return this builder
		 */
		public Builder validatorSupplier(Supplier<? extends MessageValidator> validator) {
			this.validator = Objects.requireNonNull(validator, "'validator' must not be null");
			return this;
		}

		private static MessageValidator noValidator() {
			throw new InvalidDeclarationException("the message is marked with @Valid, but no validator is set",
					"Set one with StatefulFunctions.builder().validator(...), or remove @Valid", null);
		}

		/**
		 * Build the registry.
		 * @return the registry
		 * @throws InvalidFunctionException if a function is declared in a way that can't
		 * work
		 * @throws InvalidDeclarationException if a function does not take the messages of
		 * a target, or a typed egress of a function class has no destination or values
		 * that can't be written
		 */
		public StatefulFunctions build() {
			List<MessageCodecFactory> factories = new ArrayList<>(this.codecs);
			Map<Class<?>, MessageCodec<?>> own = Map.copyOf(this.codecsByClass);
			factories.add(0, (type) -> own.get(DeclaredTypes.classOf(type)));
			factories.add(0, new PendingTimersCodec());
			MessageMappings mappings = new MessageMappings(factories, this.protobufTypenames);
			HandlerTables tables = new HandlerTables();
			Map<FunctionType, RegisteredFunction> functions = new LinkedHashMap<>();
			this.registrations
				.forEach((type, registration) -> functions.put(type, registration.factory().create(mappings, tables)));
			StatefulFunctions registry = new StatefulFunctions(functions, mappings, this.json,
					new RegisteredEgresses(this.egresses, mappings));
			check(registry.targets(), registry.boundEgresses());
			return registry;
		}

		private void check(TargetCheck check, RegisteredEgresses bound) {
			ConstantFields targets = new ConstantFields(Target.class,
					(origin, target) -> check.requireDeclared(origin, (Target<?>) target));
			ConstantFields egresses = new ConstantFields(Egress.class,
					(origin, egress) -> bound.requireDeclared(origin, (Egress<?>) egress));
			this.registrations.values().forEach((registration) -> {
				targets.read(registration.handlerClass());
				egresses.read(registration.handlerClass());
			});
			this.targets.forEach((target, origin) -> check.requireDeclared(origin, target));
		}

		private RegisteredFunction annotated(FunctionType type, FunctionSource function, MessageMappings mappings,
				HandlerTables tables) {
			if (FunctionHandler.class.isAssignableFrom(function.handlerClass())) {
				if (!HandlerMethods.of(function.handlerClass()).isEmpty()) {
					throw new InvalidFunctionException(function.origin(), "class '" + function.handlerClass().getName()
							+ "' is a FunctionHandler and has @Handler methods", "Keep one or the other", null);
				}
				return untyped(FunctionSpec.of(type), function, mappings);
			}
			DeclaredStates states = new DeclaredStates(function.origin());
			TypedInvoker invoker = TypedInvoker.of(type, function, states, mappings, tables, this.validator);
			return new RegisteredFunction(type, function, invoker, states.specs(), mappings);
		}

		private static RegisteredFunction untyped(FunctionSpec spec, FunctionSource function,
				MessageMappings mappings) {
			DeclaredStates states = new DeclaredStates(function.origin());
			requireCallable(function);
			FunctionHandler handler = (FunctionHandler) function.instance().get();
			spec.states().forEach(states::add);
			handler.states().forEach(states::add);
			if (spec.hasTimers() || handler.hasTimers()) {
				states.addTimers();
			}
			UntypedInvoker invoker = new UntypedInvoker(() -> (FunctionHandler) function.instance().get(),
					simpleName(function.handlerClass()) + ".handle(Context, Any)");
			return new RegisteredFunction(spec.type(), function, invoker, states.specs(), mappings);
		}

		// The method is called through its interface; this detects what would keep a
		// proxy from being called correctly
		private static void requireCallable(FunctionSource function) {
			try {
				// A native executable can't look up the methods of a lambda's class
				Class<?> declaring = function.handlerClass().isSynthetic() ? FunctionHandler.class
						: function.handlerClass();
				function.callable(declaring.getMethod("handle", Context.class, Any.class));
			}
			catch (UncallableMethodException ex) {
				throw new InvalidFunctionException(function.origin(), "handler '" + simpleName(function.handlerClass())
						+ ".handle(Context, Any)' can't be called: " + ex.problem(), ex.action(), ex);
			}
			catch (NoSuchMethodException ex) {
				throw new IllegalStateException("'" + function.handlerClass() + "' is no FunctionHandler", ex);
			}
		}

		// The name of a lambda differs from run to run, unlike its declaring class
		private static String simpleName(Class<?> handlerClass) {
			String name = handlerClass.getSimpleName();
			int lambda = name.indexOf("$$Lambda");
			return (lambda < 0) ? name : "lambda in " + name.substring(0, lambda);
		}

		private record Registration(String origin, Class<?> handlerClass, FunctionFactory factory) {

		}

		@FunctionalInterface
		private interface FunctionFactory {

			RegisteredFunction create(MessageMappings mappings, HandlerTables tables);

		}

	}

}
