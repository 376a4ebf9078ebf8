package dev.statefun.local.playground;

import org.jspecify.annotations.Nullable;

/**
 * A request that is answered with what is wrong about it.
 */
final class RefusedRequestException extends Exception {

	final int status;

	final String text;

	RefusedRequestException(int status, @Nullable String text) {
		super(text, null, false, false);
		this.status = status;
		this.text = String.valueOf(text);
	}

}
