package dev.statefun.sdk.http;

import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import com.google.protobuf.Any;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Empty;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.TypeRegistry;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.FunctionDescriptor.HandlerDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * Internal: may change in any release. Protobuf messages without classes, by the names of
 * their types.
 */
public final class DescribedMessages {

	/** No messages. */
	public static final DescribedMessages NONE = new DescribedMessages(Map.of());

	/** Messages with a form of their own in JSON; each brings those of its file. */
	private static final List<Descriptor> WELL_KNOWN = List.of(Any.getDescriptor(), Duration.getDescriptor(),
			Empty.getDescriptor(), FieldMask.getDescriptor(), StringValue.getDescriptor(), Struct.getDescriptor(),
			Timestamp.getDescriptor());

	private final Map<String, Descriptor> byName;

	private DescribedMessages(Map<String, Descriptor> byName) {
		this.byName = byName;
	}

	/**
	 * Create the messages of a set of files.
	 * @param descriptors the files, each after those that it imports
	 * @return the messages
	 * @throws IllegalArgumentException if a file can't be used
	 */
	public static DescribedMessages of(FileDescriptorSet descriptors) {
		Map<String, FileDescriptor> files = new HashMap<>();
		Map<String, Descriptor> byName = new HashMap<>();
		for (FileDescriptorProto file : descriptors.getFileList()) {
			FileDescriptor built = build(file, files);
			files.put(file.getName(), built);
			add(built.getMessageTypes(), byName);
		}
		return new DescribedMessages(byName);
	}

	/**
	 * Create the messages of the files that declare messages which functions handle or
	 * reply, and of the files that those import. Replies are often declared beside
	 * requests.
	 * @param functions the functions
	 * @return the messages
	 */
	public static DescribedMessages besideThoseOf(StatefulFunctions functions) {
		Map<String, Descriptor> byName = new HashMap<>();
		Set<FileDescriptor> seen = new HashSet<>();
		for (FunctionDescriptor function : functions.functions()) {
			for (HandlerDescriptor handler : function.handlers()) {
				addFileOf(handler.messageType(), seen, byName);
				handler.replyTypes().forEach((type) -> addFileOf(type, seen, byName));
			}
		}
		return new DescribedMessages(byName);
	}

	private static void addFileOf(Type type, Set<FileDescriptor> seen, Map<String, Descriptor> byName) {
		Descriptor descriptor = descriptorOf(type);
		if (descriptor != null) {
			add(descriptor.getFile(), seen, byName);
		}
	}

	// Null for what is no generated class
	private static @Nullable Descriptor descriptorOf(Type type) {
		if (type instanceof Class<?> messageClass && Message.class.isAssignableFrom(messageClass)) {
			try {
				return ((Message) messageClass.getMethod("getDefaultInstance").invoke(null)).getDescriptorForType();
			}
			catch (ReflectiveOperationException | LinkageError ex) {
				return null;
			}
		}
		return null;
	}

	private static void add(FileDescriptor file, Set<FileDescriptor> seen, Map<String, Descriptor> byName) {
		if (seen.add(file)) {
			add(file.getMessageTypes(), byName);
			file.getDependencies().forEach((imported) -> add(imported, seen, byName));
		}
	}

	private static FileDescriptor build(FileDescriptorProto file, Map<String, FileDescriptor> files) {
		FileDescriptor[] imported = file.getDependencyList()
			.stream()
			.map(files::get)
			.filter(Objects::nonNull)
			.toArray(FileDescriptor[]::new);
		try {
			return FileDescriptor.buildFrom(file, imported);
		}
		catch (DescriptorValidationException ex) {
			throw new IllegalArgumentException("The descriptors of '" + file.getName()
					+ "' can't be used; expected a set in which each file follows those that it imports: "
					+ ex.getMessage(), ex);
		}
	}

	private static void add(List<Descriptor> types, Map<String, Descriptor> byName) {
		for (Descriptor type : types) {
			byName.put(type.getFullName(), type);
			add(type.getNestedTypes(), byName);
		}
	}

	/**
	 * Return the messages that fields of the type {@code Any} may have: these, others,
	 * and those that protobuf itself has.
	 * @param others further messages
	 * @return the types of the messages
	 */
	TypeRegistry types(DescribedMessages others) {
		return TypeRegistry.newBuilder().add(this.byName.values()).add(others.byName.values()).add(WELL_KNOWN).build();
	}

	/**
	 * Return a message.
	 * @param typename name of its type, with any prefix that ends in a slash
	 * @return its descriptor, or {@code null} if there is none
	 */
	@Nullable Descriptor of(String typename) {
		return this.byName.get(typename.substring(typename.lastIndexOf('/') + 1));
	}

}
