package dev.statefun.local.playground;

import org.jspecify.annotations.Nullable;

/**
 * Thrown to answer a request with a status and a description of its fault.
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
