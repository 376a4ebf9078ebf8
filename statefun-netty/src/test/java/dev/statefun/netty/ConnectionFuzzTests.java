package dev.statefun.netty;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.statefun.netty.FuzzedConnection.Fragments;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Passes arbitrary bytes to a connection, in one piece and in several. Without a fuzzer,
 * this replays earlier findings; see CONTRIBUTING.md.
 * <p>
 * The first byte of an input chooses the pieces, whether the first body has to wait for
 * room, and whether the client goes before its batches have ended. The bytes of the
 * connection follow. The first byte of a body chooses the batch: one that fails
 * ({@code !}), is pending ({@code ?}), or replies with the body.
 */
class ConnectionFuzzTests {

	/** Statuses that do not fail a job for what a cluster sends (protocol.md §6.1). */
	private static final Set<Integer> STATUSES = Set.of(200, 404, 405, 500);

	private static final Pattern RESPONSE = Pattern
		.compile("HTTP/1\\.1 (\\d{3}) [A-Za-z ]+\r\n((?:[A-Za-z-]+: [^\r\n]+\r\n)*)\r\n");

	private static final Pattern SIZE = Pattern.compile("Content-Length: (\\d+)\r\n");

	private static final Pattern CERTAIN_REQUEST = Pattern.compile("POST /statefun HTTP/1\\.1\r\n"
			+ "(?:(?!(?i:content-|transfer-|expect|connection))[A-Za-z]{1,20}: [!-~]{1,50}\r\n){0,5}"
			+ "Content-Length: (\\d{1,4})\r\n\r\n");

	private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();

	static {
		LOG.start();
		Logger logger = (Logger) LoggerFactory.getLogger("dev.statefun");
		logger.setLevel(Level.ERROR);
		logger.setAdditive(false);
		((Logger) LoggerFactory.getLogger("dev.statefun.netty")).addAppender(LOG);
	}

	@FuzzTest(maxDuration = "10m")
	@Timeout(20)
	@DictionaryEntries({ "POST /statefun HTTP/1.1\\x0D\\x0A", "POST /statefun HTTP/1.0\\x0D\\x0A",
			"GET /other HTTP/1.1\\x0D\\x0A", "Host: a\\x0D\\x0A", "Content-Length: 5\\x0D\\x0A\\x0D\\x0A?abcd",
			"Content-Length: 3\\x0D\\x0A\\x0D\\x0A!ab", "Content-Length: 9000\\x0D\\x0A",
			"Transfer-Encoding: chunked\\x0D\\x0A\\x0D\\x0A", "Transfer-Encoding: gzip, chunked\\x0D\\x0A",
			"3\\x0D\\x0Aabc\\x0D\\x0A", "0\\x0D\\x0A\\x0D\\x0A", "ffffffff\\x0D\\x0A", "5;x=y\\x0D\\x0A",
			"Expect: 100-continue\\x0D\\x0A", "Connection: close\\x0D\\x0A", "Connection: keep-alive\\x0D\\x0A",
			"Upgrade: h2c\\x0D\\x0A", "Content-Type: text/plain\\x0D\\x0A", "PRI * HTTP/2.0\\x0D\\x0A\\x0D\\x0ASM",
			"Trailer: x\\x0D\\x0A", "\\x0D\\x0A\\x0D\\x0A", "\\x0A\\x0A" })
	void eachRequestIsAnsweredOrItsConnectionIsClosed(byte[] input) {
		if (input.length == 0) {
			return;
		}
		int choices = input[0];
		byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
		boolean waits = (choices & 1) != 0;
		boolean goes = (choices & 2) != 0;
		FuzzedConnection whole = run(bytes, Fragments.whole(), waits, goes);
		Fragments fragments = ((choices & 4) != 0) ? Fragments.bytes() : Fragments.random(new Random(choices));
		FuzzedConnection split = run(bytes, fragments, waits, goes);
		assertThat(isBeginOf(whole.batches(), split.batches()) || isBeginOf(split.batches(), whole.batches()))
			.as("%s and %s", whole.batches(), split.batches())
			.isTrue();
		String certain = certainBody(bytes);
		if (certain != null) {
			assertThat(whole.batches()).startsWith(certain);
			assertThat(split.batches()).startsWith(certain);
		}
	}

	private static FuzzedConnection run(byte[] bytes, Fragments fragments, boolean waits, boolean goes) {
		LOG.list.clear();
		FuzzedConnection connection = new FuzzedConnection(waits);
		try {
			connection.receive(bytes, fragments);
			connection.complete(goes);
			assertResponses(connection, goes);
		}
		finally {
			connection.close();
		}
		connection.assertNothingIsLeft();
		assertThat(LOG.list).isEmpty();
		return connection;
	}

	private static void assertResponses(FuzzedConnection connection, boolean goes) {
		String text = connection.sent();
		Matcher response = RESPONSE.matcher(text);
		int position = 0;
		List<Integer> statuses = new ArrayList<>();
		boolean closing = false;
		while (position < text.length()) {
			assertThat(closing).as("bytes after the last response: %s", text).isFalse();
			assertThat(response.region(position, text.length()).lookingAt()).as(text).isTrue();
			position = response.end();
			int status = Integer.parseInt(response.group(1));
			if (status == 100) {
				continue;
			}
			Matcher size = SIZE.matcher(response.group(2));
			assertThat(size.find()).as(text).isTrue();
			position += Integer.parseInt(size.group(1));
			assertThat(position).as(text).isLessThanOrEqualTo(text.length());
			statuses.add(status);
			closing = response.group(2).contains("Connection: close\r\n");
		}
		assertThat(STATUSES).as(text).containsAll(statuses);
		if (!goes) {
			assertThat(statuses.stream().filter((status) -> status == 200).count()).isEqualTo(connection.replies());
			assertThat(connection.isOpen()).isNotEqualTo(closing);
		}
	}

	private static boolean isBeginOf(List<String> begin, List<String> all) {
		return begin.size() <= all.size() && all.subList(0, begin.size()).equals(begin);
	}

	// Body of a request that is one beyond doubt, and complete
	private static @Nullable String certainBody(byte[] bytes) {
		String text = new String(bytes, StandardCharsets.ISO_8859_1);
		Matcher request = CERTAIN_REQUEST.matcher(text);
		if (!request.lookingAt()) {
			return null;
		}
		int end = request.end() + Integer.parseInt(request.group(1));
		return (end <= text.length()) ? text.substring(request.end(), end) : null;
	}

}
