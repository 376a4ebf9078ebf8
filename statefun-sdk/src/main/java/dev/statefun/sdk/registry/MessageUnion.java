package dev.statefun.sdk.registry;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;

import dev.statefun.sdk.message.DeclaredTypes;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.message.MessageMappings;
import dev.statefun.sdk.message.UnmappedTypeException;

/**
 * Resolves a Java type to the message types of its values. A sealed type that is no
 * message type itself is the union of its subtypes.
 */
final class MessageUnion {

	private MessageUnion() {
	}

	static List<MessageMapping<?>> of(Type type, DeclaredTypes types, MessageMappings mappings) {
		try {
			return List.of(mappings.of(type));
		}
		catch (UnmappedTypeException ex) {
			Class<?> union = DeclaredTypes.classOf(type);
			if (!union.isSealed()) {
				throw ex;
			}
			List<MessageMapping<?>> kinds = new ArrayList<>();
			for (Class<?> permitted : union.getPermittedSubclasses()) {
				kinds.addAll(of(types.resolve(permitted), types, mappings));
			}
			return List.copyOf(kinds);
		}
	}

}
