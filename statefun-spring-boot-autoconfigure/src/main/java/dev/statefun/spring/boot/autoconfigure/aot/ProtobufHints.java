package dev.statefun.spring.boot.autoconfigure.aot;

import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Set;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.GeneratedMessage;
import com.google.protobuf.Message;
import com.google.protobuf.ProtocolMessageEnum;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Registers the methods that protobuf's own reflection calls on generated classes, as for
 * {@code toString()} and JSON, and those that a codec uses. A message includes all others
 * of its {@code .proto} file, as a function may send them even if none of its handlers
 * takes them.
 */
final class ProtobufHints {

	private final ReflectionHints hints;

	private final @Nullable ClassLoader classLoader;

	private final Set<Class<?>> seen = new HashSet<>();

	ProtobufHints(ReflectionHints hints, @Nullable ClassLoader classLoader) {
		this.hints = hints;
		this.classLoader = classLoader;
	}

	void register(Class<? extends GeneratedMessage> type) {
		Method defaultInstance = ClassUtils.getMethodIfAvailable(type, "getDefaultInstance");
		if (defaultInstance == null) {
			return;
		}
		add(type);
		Message instance = (Message) ReflectionUtils.invokeMethod(defaultInstance, null);
		if (instance == null) {
			return;
		}
		Descriptor descriptor = instance.getDescriptorForType();
		Class<?> outermost = type;
		while (descriptor.getContainingType() != null) {
			descriptor = descriptor.getContainingType();
			outermost = outermost.getEnclosingClass();
		}
		// Its name is the end of its class's name, whether that is nested in the
		// file's class or in the package
		String name = outermost.getName();
		String prefix = name.substring(0, name.length() - descriptor.getName().length());
		for (Descriptor sibling : descriptor.getFile().getMessageTypes()) {
			if (ClassUtils.isPresent(prefix + sibling.getName(), this.classLoader)) {
				add(ClassUtils.resolveClassName(prefix + sibling.getName(), this.classLoader));
			}
		}
	}

	private void add(Class<?> type) {
		boolean message = GeneratedMessage.class.isAssignableFrom(type) && type != GeneratedMessage.class;
		if (!(message || ProtocolMessageEnum.class.isAssignableFrom(type)) || !this.seen.add(type)) {
			return;
		}
		this.hints.registerType(type, MemberCategory.INVOKE_PUBLIC_METHODS);
		if (message) {
			Method newBuilder = ClassUtils.getMethodIfAvailable(type, "newBuilder");
			if (newBuilder != null) {
				this.hints.registerType(newBuilder.getReturnType(), MemberCategory.INVOKE_PUBLIC_METHODS);
			}
			// The types of its fields are the return types of its getters
			for (Method method : type.getMethods()) {
				add(method.getReturnType());
			}
			for (Class<?> nested : type.getDeclaredClasses()) {
				add(nested);
			}
		}
	}

}
