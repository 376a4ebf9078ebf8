package dev.statefun.sdk.registry;

import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import com.google.protobuf.Any;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Target;
import dev.statefun.sdk.message.DeclaredTypes;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.message.MessageMappings;
import dev.statefun.sdk.registry.FunctionDescriptor.HandlerDescriptor;

/**
 * Checks that the functions of a registry take the messages of targets. A target that
 * passed is remembered, so that each later use costs one lookup. Thread-safe.
 */
final class TargetCheck {

	private static final String ALL = "*";

	private final Map<FunctionType, RegisteredFunction> functions;

	private final Set<Target<?>> passed = ConcurrentHashMap.newKeySet();

	TargetCheck(Map<FunctionType, RegisteredFunction> functions) {
		this.functions = functions;
	}

	void require(Target<?> target) {
		if (!this.passed.contains(target)) {
			check("The target", target);
		}
	}

	void requireDeclared(String origin, Target<?> target) {
		check("The target of " + origin, target);
	}

	// A target of a remote function is not kept: code may create any number of them
	private void check(String subject, Target<?> target) {
		RegisteredFunction function = this.functions.get(target.type());
		if (function != null) {
			if (!function.invoker().takes(ALL)) {
				requireHandlers(subject, target.messageType(), function);
			}
			this.passed.add(target);
		}
	}

	private static void requireHandlers(String subject, Type type, RegisteredFunction function) {
		FunctionInvoker invoker = function.invoker();
		List<String> missing = typenames(subject, type, function).stream()
			.filter((typename) -> !invoker.takes(typename))
			.toList();
		if (!missing.isEmpty()) {
			throw new InvalidDeclarationException(
					subject + " is for messages of the type '" + type.getTypeName() + "', but function '"
							+ function.type() + "' has no handler for " + missing + "; it takes "
							+ invoker.handlers().stream().map(HandlerDescriptor::typename).toList(),
					"Add a handler to " + function.origin()
							+ ", or declare the target with a type that the function takes",
					null);
		}
	}

	// A message in an Any may be of any type
	private static List<String> typenames(String subject, Type type, RegisteredFunction function) {
		if (type == Any.class) {
			return List.of(ALL);
		}
		try {
			return written(type, DeclaredTypes.of(type), function.mappings()).distinct().toList();
		}
		catch (InvalidDeclarationException ex) {
			throw new InvalidDeclarationException(subject + " is for messages of the type '" + type.getTypeName()
					+ "' and function '" + function.type() + "', which takes "
					+ function.invoker().handlers().stream().map(HandlerDescriptor::typename).toList() + ": "
					+ ex.problem(), ex.action(), ex);
		}
	}

	// A message is sent under the name of its own class, also if a sealed type has one
	private static Stream<String> written(Type type, DeclaredTypes types, MessageMappings mappings) {
		Class<?> declared = DeclaredTypes.classOf(type);
		if (!declared.isSealed()) {
			return Stream.of(mappings.of(type).typename());
		}
		Stream<String> permitted = Arrays.stream(declared.getPermittedSubclasses())
			.flatMap((subtype) -> written(types.resolve(subtype), types, mappings));
		return Modifier.isAbstract(declared.getModifiers()) ? permitted
				: Stream.concat(Stream.of(mappings.of(type).typename()), permitted);
	}

}
