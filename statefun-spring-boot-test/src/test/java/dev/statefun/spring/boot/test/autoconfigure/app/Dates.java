package dev.statefun.spring.boot.test.autoconfigure.app;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

import dev.statefun.sdk.message.MessageCodec;

import org.springframework.stereotype.Component;

/**
 * Maps dates to text.
 */
@Component
class Dates implements MessageCodec<LocalDate> {

	@Override
	public Type type() {
		return LocalDate.class;
	}

	@Override
	public String typename() {
		return "example/Date";
	}

	@Override
	public boolean immutable() {
		return true;
	}

	@Override
	public LocalDate decode(byte[] buffer, int offset, int length) {
		return LocalDate.parse(new String(buffer, offset, length, StandardCharsets.UTF_8));
	}

	@Override
	public byte[] encode(LocalDate value) {
		return value.toString().getBytes(StandardCharsets.UTF_8);
	}

}
