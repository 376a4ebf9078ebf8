package dev.statefun.sdk.handler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.google.protobuf.ByteString;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.Headers.Entry;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.HeaderFields;
import org.jspecify.annotations.Nullable;

/**
 * Headers of one invocation: those of its message, and those of the messages it sends. Of
 * headers with the same key, those that the handler sets precede injected ones, which
 * precede propagated ones. Thread-safe.
 */
final class InvocationHeaders {

	static final byte[] NONE = {};

	private final Headers received;

	private final Set<String> propagated;

	private final @Nullable HeaderInjector injector;

	/**
	 * Fields of the propagated headers, once they are sent. Each thread encodes the same.
	 */
	private byte @Nullable [] propagatedFields;

	private InvocationHeaders(Headers received, Set<String> propagated, @Nullable HeaderInjector injector) {
		this.received = received;
		this.propagated = propagated;
		this.injector = injector;
	}

	static InvocationHeaders of(BatchRequest request, int invocation, HeaderOptions options) {
		return new InvocationHeaders(options.enabled() ? Headers.ofInvocation(request, invocation) : Headers.empty(),
				options.propagated(), null);
	}

	InvocationHeaders with(HeaderInjector added) {
		HeaderInjector present = this.injector;
		if (present == null) {
			return new InvocationHeaders(this.received, this.propagated, added);
		}
		return new InvocationHeaders(this.received, this.propagated, (headers) -> {
			present.inject(headers);
			added.inject(headers);
		});
	}

	Headers received() {
		return this.received;
	}

	/**
	 * Return the headers of a message that is sent on behalf of this invocation.
	 * @param set headers that the handler has set
	 * @return their fields
	 */
	byte[] ofNewMessage(Headers set) {
		Headers added = added(set);
		if (!added.isEmpty()) {
			return fields(added);
		}
		byte[] fields = this.propagatedFields;
		if (fields == null) {
			fields = fields(added);
			this.propagatedFields = fields;
		}
		return fields;
	}

	private byte[] fields(Headers added) {
		List<Entry> entries = new ArrayList<>();
		for (Entry entry : this.received.all()) {
			if (this.propagated.contains(entry.key()) && !added.contains(entry.key())) {
				entries.add(entry);
			}
		}
		entries.addAll(added.all());
		return Headers.ofAll(entries).toFields(HeaderFields.IN_MESSAGE);
	}

	/**
	 * Return the headers that the handler and the injector add to a message.
	 * @param set headers that the handler has set
	 * @return the headers
	 */
	Headers added(Headers set) {
		HeaderInjector injector = this.injector;
		if (injector == null) {
			return set;
		}
		Map<String, String> injected = new LinkedHashMap<>();
		injector.inject(injected::put);
		List<Entry> entries = new ArrayList<>();
		injected.forEach((key, value) -> {
			if (!set.contains(key)) {
				entries.add(new Entry(key, ByteString.copyFromUtf8(value)));
			}
		});
		entries.addAll(set.all());
		return Headers.ofAll(entries);
	}

}
