package dev.statefun.sdk;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.statefun.testwire.example.BoolWrapper;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.IntWrapper;
import dev.statefun.testwire.example.LongWrapper;
import dev.statefun.testwire.example.StringWrapper;
import dev.statefun.testwire.example.User;

/**
 * Messages and states as a cluster carries them, made without the code under test.
 */
final class Values {

	private Values() {
	}

	static Any of(String typename, ByteString bytes) {
		return Any.newBuilder().setTypeUrl(typename).setValue(bytes).build();
	}

	static Any of(String typename, Message message) {
		return of(typename, message.toByteString());
	}

	static Any of(Message message) {
		return of("type.googleapis.com/" + message.getDescriptorForType().getFullName(), message);
	}

	static Any user(String name) {
		return of(User.newBuilder().setUserId("u-" + name).setName(name).build());
	}

	static Any count(int value) {
		return of(countOf(value));
	}

	static Count countOf(int value) {
		return Count.newBuilder().setValue(value).build();
	}

	static Any integer(int value) {
		return of("io.statefun.types/int", IntWrapper.newBuilder().setValue(value).build());
	}

	static Any longInteger(long value) {
		return of("io.statefun.types/long", LongWrapper.newBuilder().setValue(value).build());
	}

	static Any flag(boolean value) {
		return of("io.statefun.types/bool", BoolWrapper.newBuilder().setValue(value).build());
	}

	static Any text(String value) {
		return of("io.statefun.types/string", StringWrapper.newBuilder().setValue(value).build());
	}

}
