package dev.statefun.sdk.registry;

import java.util.List;

import com.google.protobuf.Any;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply.Sent;
import dev.statefun.testing.ClusterRequest;
import org.assertj.core.api.ThrowableAssertAlternative;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Registers and calls objects with annotated methods.
 */
final class AnnotatedFunctions {

	private AnnotatedFunctions() {
	}

	static FunctionDescriptor describe(Object function) {
		return StatefulFunctions.builder().register(Cluster.FUNCTION, function).build().functions().get(0);
	}

	static List<Sent> repliesOf(Object function, Any... messages) {
		ClusterRequest request = Cluster.request().absentState("count").absentState("last");
		for (Any message : messages) {
			request.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, message);
		}
		return Cluster.of(Dialect.V3, function).call(request).sent();
	}

	static Sent reply(Any message) {
		return new Sent("example/caller/c-1", message);
	}

	static ThrowableAssertAlternative<InvalidFunctionException> assertInvalid(Object function) {
		StatefulFunctions.Builder builder = StatefulFunctions.builder().register("example/f", function);
		return assertThatExceptionOfType(InvalidFunctionException.class).isThrownBy(builder::build)
			.withMessageStartingWith("class '" + function.getClass().getName() + "'");
	}

}
