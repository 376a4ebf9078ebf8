package dev.statefun.module;

import com.google.protobuf.Any;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.SourceContext;
import com.google.protobuf.Type;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MessageDescriptors}.
 */
class MessageDescriptorsTests {

	@Test
	void eachFileFollowsThoseThatItImports() {
		StatefulFunctions functions = StatefulFunctions.builder().register("test/types", new Types()).build();
		assertThat(MessageDescriptors.of(functions).getFileList()).extracting(FileDescriptorProto::getName)
			.containsExactly("google/protobuf/source_context.proto", "google/protobuf/any.proto",
					"google/protobuf/type.proto");
		assertThat(MessageDescriptors.of(functions).getFile(0))
			.isEqualTo(SourceContext.getDescriptor().getFile().toProto());
	}

	@Test
	void functionsWithoutProtobufMessagesHaveNone() {
		StatefulFunctions functions = StatefulFunctions.builder().register("test/texts", new Texts()).build();
		assertThat(MessageDescriptors.of(functions).getFileList()).isEmpty();
	}

	static final class Types {

		@Handler
		void source(SourceContext message) {
		}

		@Handler
		void type(Type message) {
		}

	}

	static final class Texts {

		@Handler
		void text(String message) {
		}

		@Handler
		void rest(Any message) {
		}

	}

}
