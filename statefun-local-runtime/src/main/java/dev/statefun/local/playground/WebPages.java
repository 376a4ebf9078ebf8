package dev.statefun.local.playground;

import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;

import com.sun.net.httpserver.Headers;

/**
 * Rejects requests that a web page makes a browser send. A page of any site can send to
 * localhost, and could inject messages or take payloads.
 */
final class WebPages {

	private static final Pattern LOCAL_HOST = Pattern.compile(
			"(([a-z0-9_.-]+\\.)?localhost|[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.%]+])(:[0-9]*)?",
			Pattern.CASE_INSENSITIVE);

	private WebPages() {
	}

	static void refuse(Headers headers, InetAddress listening) throws RefusedRequestException {
		String site = headers.getFirst("Sec-Fetch-Site");
		if (headers.containsKey("Origin") || (site != null && !site.equals("none"))) {
			throw new RefusedRequestException(403,
					"A web page sent this, which is refused; use curl, or a client without 'Origin' and 'Sec-Fetch-Site'");
		}
		if (listening.isLoopbackAddress()) {
			refuseOtherHosts(headers.getOrDefault("Host", List.of()));
		}
	}

	// With DNS rebinding, a site's own name points here and the browser considers the
	// request same-origin. All browsers send the host
	private static void refuseOtherHosts(List<String> hosts) throws RefusedRequestException {
		for (String host : hosts) {
			if (!LOCAL_HOST.matcher(host.strip()).matches()) {
				throw new RefusedRequestException(403, "The host '" + host
						+ "' is refused, as any site may let its name point here; send to 'localhost' or an IP address");
			}
		}
	}

}
