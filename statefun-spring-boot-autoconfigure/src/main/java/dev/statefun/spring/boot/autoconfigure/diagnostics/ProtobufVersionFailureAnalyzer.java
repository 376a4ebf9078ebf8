package dev.statefun.spring.boot.autoconfigure.diagnostics;

import com.google.protobuf.RuntimeVersion.ProtobufRuntimeVersionException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains generated protobuf code that does not match the protobuf-java on the class
 * path. Java reports it as an error without a message.
 */
final class ProtobufVersionFailureAnalyzer extends AbstractFailureAnalyzer<ProtobufRuntimeVersionException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, ProtobufRuntimeVersionException cause) {
		return new FailureAnalysis("A generated protobuf class can't be loaded: " + cause.getMessage(),
				"Generate the class with the protoc of the protobuf-java version that runs here (with Spring Boot's parent: "
						+ "protocVersion ${protobuf-java.version}), or set the property 'protobuf-java.version' to protoc's "
						+ "version.",
				cause);
	}

}
