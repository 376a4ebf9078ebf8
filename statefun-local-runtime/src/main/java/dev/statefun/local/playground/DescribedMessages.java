package dev.statefun.local.playground;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Protobuf messages without classes, by the names of their types.
 */
final class DescribedMessages {

	static final DescribedMessages NONE = new DescribedMessages(Map.of());

	private final Map<String, Descriptor> byName;

	private DescribedMessages(Map<String, Descriptor> byName) {
		this.byName = byName;
	}

	static DescribedMessages of(FileDescriptorSet descriptors) {
		Map<String, FileDescriptor> files = new HashMap<>();
		Map<String, Descriptor> byName = new HashMap<>();
		for (FileDescriptorProto file : descriptors.getFileList()) {
			FileDescriptor built = build(file, files);
			files.put(file.getName(), built);
			add(built.getMessageTypes(), byName);
		}
		return new DescribedMessages(byName);
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
	 * Return a message.
	 * @param typename name of its type, with any prefix that ends in a slash
	 * @return its descriptor, or {@code null} if there is none
	 */
	@Nullable Descriptor of(String typename) {
		return this.byName.get(typename.substring(typename.lastIndexOf('/') + 1));
	}

}
