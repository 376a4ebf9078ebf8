package dev.statefun.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.statefun.manifest.StateChange;
import dev.statefun.module.ModuleFinding;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReleaseFiles}.
 */
class ReleaseFilesTests {

	@TempDir
	private Path directory;

	@Test
	void writtenFilesMatchTheFunctions() throws IOException {
		StatefulFunctions functions = functions(FunctionSpec.of("example/adder").state("sum", int.class));
		ReleaseFiles.write(functions, this.directory);
		assertThat(Files.readString(this.directory.resolve("module.yaml"))).isEqualTo("""
				# Written by the application, from its functions and 'statefun.module', for StateFun 3.1 to 3.3.
				kind: io.statefun.endpoints.v2/http
				spec:
				  functions: example/adder
				  urlPathTemplate: http://adder:8080/statefun
				  maxNumBatchRequests: 1000
				  transport:
				    type: io.statefun.transports.v1/async
				    call: "2min"
				    connect: "20s"
				    pool_ttl: "15s"
				    pool_size: 1024
				    payload_max_bytes: 33554432
				""");
		assertThat(ReleaseFiles.verify(functions, this.directory.resolve("module.yaml")).findings()).isEmpty();
		assertThat(ReleaseFiles.breakingChanges(functions, this.directory.resolve("states.json"))).isEmpty();
	}

	@Test
	void filesOfAnotherReleaseAreReported() throws IOException {
		ReleaseFiles.write(functions(FunctionSpec.of("example/adder").state("sum", int.class)), this.directory);
		StatefulFunctions later = functions(FunctionSpec.of("example/adder").state("sum", long.class),
				FunctionSpec.of("example/counter"));
		assertThat(ReleaseFiles.verify(later, this.directory.resolve("module.yaml")).errors())
			.extracting(ModuleFinding::found)
			.containsExactly("no function 'example/counter'");
		assertThat(ReleaseFiles.breakingChanges(later, this.directory.resolve("states.json")))
			.extracting(StateChange::kind)
			.containsExactly(StateChange.Kind.TYPE_CHANGED);
	}

	private static StatefulFunctions functions(FunctionSpec... specs) {
		StatefulFunctions.Builder functions = StatefulFunctions.builder();
		for (FunctionSpec spec : specs) {
			functions.register(spec, (context, message) -> {
			});
		}
		return functions.build();
	}

}
