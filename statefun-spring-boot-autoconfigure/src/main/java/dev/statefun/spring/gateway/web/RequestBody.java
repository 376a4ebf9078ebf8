package dev.statefun.spring.gateway.web;

import java.io.IOException;

import jakarta.servlet.http.HttpServletRequest;

/**
 * Reads bodies of limited size.
 */
final class RequestBody {

	private RequestBody() {
	}

	/**
	 * Read a body.
	 * @param request the request
	 * @param maxSize maximum number of bytes
	 * @return the body
	 * @throws IOException if the client does not send it completely
	 * @throws ProblemException if it is too large
	 */
	static byte[] read(HttpServletRequest request, int maxSize) throws IOException, ProblemException {
		long announced = request.getContentLengthLong();
		if (announced > maxSize) {
			throw tooLarge(announced + " bytes", maxSize);
		}
		byte[] body = request.getInputStream().readNBytes(maxSize + 1);
		if (body.length > maxSize) {
			throw tooLarge("more", maxSize);
		}
		if (body.length < announced) {
			throw new ProblemException(ProblemType.MALFORMED_REQUEST,
					"The body ended after " + body.length + " of " + announced + " bytes");
		}
		return body;
	}

	private static ProblemException tooLarge(String size, int maxSize) {
		return new ProblemException(ProblemType.REQUEST_TOO_LARGE,
				"The body has " + size + "; at most " + maxSize + " bytes are possible");
	}

}
