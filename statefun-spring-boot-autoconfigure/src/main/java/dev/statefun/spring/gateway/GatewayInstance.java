package dev.statefun.spring.gateway;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;

/**
 * Ids of the instances of a gateway function, as {@code gateway.proto} defines them.
 *
 * @since 0.1.0
 */
public final class GatewayInstance {

	private static final String EXCHANGE = "x/";

	private static final String KEY = "k/";

	private static final String SENDS = "s/";

	private GatewayInstance() {
	}

	/**
	 * Return the instance that waits for the reply of a target.
	 * @param request id of the request
	 * @return its id
	 */
	public static String exchange(String request) {
		return EXCHANGE + request;
	}

	/**
	 * Return the instance that knows whether an idempotency key was used.
	 * @param target the function instance
	 * @param principal the user; empty for none
	 * @param key the idempotency key
	 * @return its id
	 */
	public static String key(Address target, String principal, String key) {
		return KEY + digest(target.type().namespace(), target.type().name(), target.id(), principal, key);
	}

	/**
	 * Return the instance that passes on messages without a key, in their order.
	 * @param target the function instance
	 * @return its id
	 */
	public static String sends(Address target) {
		return SENDS + digest(target.type().namespace(), target.type().name(), target.id());
	}

	/**
	 * Return whether an instance waits for the reply of a target.
	 * @param id its id
	 * @return whether it does
	 */
	public static boolean isExchange(String id) {
		return id.startsWith(EXCHANGE);
	}

	/**
	 * Return whether an instance knows whether an idempotency key was used.
	 * @param id its id
	 * @return whether it does
	 */
	public static boolean isKey(String id) {
		return id.startsWith(KEY);
	}

	/**
	 * Return the fingerprint of a message. The same message has the same type name and
	 * the same bytes.
	 * @param message the message
	 * @return the fingerprint
	 */
	public static String fingerprint(Any message) {
		MessageDigest digest = sha256();
		update(digest, message.getTypeUrl());
		message.getValue().asReadOnlyByteBufferList().forEach(digest::update);
		return encode(digest);
	}

	private static String digest(String... texts) {
		MessageDigest digest = sha256();
		for (String text : texts) {
			update(digest, text);
		}
		return encode(digest);
	}

	private static void update(MessageDigest digest, String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
		digest.update(bytes);
	}

	private static String encode(MessageDigest digest) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
