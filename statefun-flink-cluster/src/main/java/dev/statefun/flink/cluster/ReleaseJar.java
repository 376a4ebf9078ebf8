package dev.statefun.flink.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * A jar that a cluster needs, as the list of a release names it.
 *
 * @param coordinates {@code <group>:<artifact>:<version>}
 * @param sha256 its digest in hexadecimal
 */
record ReleaseJar(String coordinates, String sha256) {

	static List<ReleaseJar> of(FlinkRelease release) {
		InputStream list = Objects.requireNonNull(ReleaseJar.class.getResourceAsStream(release.jars()), release.jars());
		try (BufferedReader lines = new BufferedReader(new InputStreamReader(list, StandardCharsets.UTF_8))) {
			return lines.lines()
				.map((line) -> line.split(" "))
				.map((line) -> new ReleaseJar(line[0], line[1]))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public String toString() {
		return this.coordinates + " " + this.sha256;
	}

	boolean isIn(Path file) throws IOException {
		try (InputStream content = Files.newInputStream(file)) {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			byte[] buffer = new byte[1 << 16];
			for (int length = content.read(buffer); length >= 0; length = content.read(buffer)) {
				digest.update(buffer, 0, length);
			}
			return this.sha256.equals(HexFormat.of().formatHex(digest.digest()));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
