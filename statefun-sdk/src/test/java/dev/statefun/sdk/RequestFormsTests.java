package dev.statefun.sdk;

import java.util.Random;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.statefun.sdk.protocol.AddressFields;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.testing.ClusterRequest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the decoding of requests in the form in which clusters write them, and of
 * requests that differ from it in a few bytes, with that of protobuf. The former are read
 * by code of their own, which must not read more than that form.
 */
class RequestFormsTests {

	private static final int REQUESTS = 120;

	private static final int CHANGES = 3;

	private static final String[] TYPES = { "io.statefun.types/int", "shop/Order", "", "ид/Тип", "t".repeat(200) };

	private static final String[] CALLERS = { "shop/cart", "a/b/c", "a/", "/b", " /b", "ид/имя",
			"n".repeat(150) + "/b" };

	private static final String[] IDS = { "1", "", "joe", "i".repeat(130), "идентификатор" };

	private static final int[] SIZES = { 0, 1, 5, 5, 5, 90, 127, 128, 300, 17_000 };

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void requestsOfClustersAreDecodedAsByProtobuf(boolean v3) throws InvalidProtocolBufferException {
		Random random = new Random(1);
		for (int i = 0; i < REQUESTS; i++) {
			byte[] request = request(random, v3);
			RequestDecodingFuzzTests.assertDecodedOrRefused(request);
			for (int change = 0; change < CHANGES; change++) {
				RequestDecodingFuzzTests.assertDecodedOrRefused(changed(request, random));
			}
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void addressOfAPlainCallerCanBeSentTo(boolean v3) {
		Random random = new Random(2);
		int plain = 0;
		for (int i = 0; i < REQUESTS; i++) {
			BatchRequest request = BatchRequest.decode(request(random, v3), null);
			for (int k = 0; k < request.invocationCount(); k++) {
				if (request.hasCaller(k) && request.isCallerPlain(k)) {
					plain++;
					String[] parts = request.caller(k);
					byte[] fields = request.copyCaller(k);
					assertThat(Address.ofFields(fields))
						.isEqualTo(Address.of(FunctionType.of(parts[0], parts[1]), parts[2]))
						.hasToString(String.join("/", parts));
					assertThat(AddressFields.id(fields)).isEqualTo(parts[2]);
				}
			}
		}
		assertThat(plain).isGreaterThan(10);
	}

	private static byte[] request(Random random, boolean v3) {
		ClusterRequest request = ClusterRequest.of(v3, "shop/cart", any(random, IDS));
		for (int i = random.nextInt(3); i > 0; i--) {
			if (random.nextBoolean()) {
				request.absentState("absent" + i);
			}
			else {
				request.state("state" + i, any(random, TYPES), bytes(random));
			}
		}
		String caller = any(random, CALLERS);
		String id = any(random, IDS);
		String type = any(random, TYPES);
		ByteString value = bytes(random);
		for (int i = random.nextInt(5); i >= 0; i--) {
			// Mostly alike, as the messages of a batch are
			switch (random.nextInt(8)) {
				case 0 -> caller = any(random, CALLERS);
				case 1 -> id = any(random, IDS);
				case 2 -> type = any(random, TYPES);
				case 3 -> value = bytes(random);
				default -> {
				}
			}
			if (random.nextInt(6) == 0) {
				request.message(type, value);
			}
			else {
				request.messageFrom(caller, id, type, value);
			}
		}
		return request.toByteArray();
	}

	private static String any(Random random, String[] texts) {
		return texts[random.nextInt(texts.length)];
	}

	private static ByteString bytes(Random random) {
		byte[] bytes = new byte[SIZES[random.nextInt(SIZES.length)]];
		random.nextBytes(bytes);
		return ByteString.copyFrom(bytes);
	}

	private static byte[] changed(byte[] request, Random random) {
		byte[] changed = request.clone();
		for (int i = random.nextInt(3); i >= 0; i--) {
			// Mostly near the start, where tags and lengths are
			int at = random.nextInt(random.nextBoolean() ? Math.min(120, changed.length) : changed.length);
			changed[at] = (byte) (random.nextBoolean() ? changed[at] + random.nextInt(5) - 2 : random.nextInt());
		}
		return changed;
	}

}
