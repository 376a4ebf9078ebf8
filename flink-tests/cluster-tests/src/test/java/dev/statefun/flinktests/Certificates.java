package dev.statefun.flinktests;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Certificates that are valid for a day, made by the JDK alone, as the PEM files that
 * both Spring Boot and the runtime read.
 */
final class Certificates {

	private static final String PASSWORD = "changeit";

	private final Path directory;

	private final Path store;

	private Certificates(Path directory) {
		this.directory = directory;
		this.store = directory.resolve("all.p12");
	}

	/**
	 * Create an empty set of certificates.
	 * @param directory directory for the files; existing content is replaced
	 * @return no certificates yet
	 */
	static Certificates in(Path directory) {
		try {
			Certificates certificates = new Certificates(Files.createDirectories(directory.toAbsolutePath()));
			Files.deleteIfExists(certificates.store);
			return certificates;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Make an authority.
	 * @param name its name
	 * @return this
	 */
	Certificates authority(String name) {
		return make(name, List.of("-ext", "bc:critical=ca:true"));
	}

	/**
	 * Create a certificate for 127.0.0.1.
	 * @param name its name
	 * @param authority the name of the authority that signs it
	 * @return this
	 */
	Certificates signed(String name, String authority) {
		return make(name, List.of("-signer", authority, "-ext", "san=ip:127.0.0.1"));
	}

	/**
	 * Return a certificate.
	 * @param name its name
	 * @return a PEM file
	 */
	Path certificate(String name) {
		return this.directory.resolve(name + ".crt");
	}

	/**
	 * Return the key of a certificate.
	 * @param name its name
	 * @return a PEM file with PKCS#8, not encrypted
	 */
	Path key(String name) {
		return this.directory.resolve(name + ".key");
	}

	private Certificates make(String name, List<String> options) {
		List<String> command = new ArrayList<>(List.of(Processes.command("keytool"), "-genkeypair", "-keystore",
				this.store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD, "-alias", name, "-dname",
				"CN=" + name, "-keyalg", "RSA", "-keysize", "2048", "-validity", "1"));
		command.addAll(options);
		Path log = this.directory.resolve("keytool-" + name + ".log");
		try {
			Process keytool = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).as("keytool ended, log in %s", log).isTrue();
			assertThat(keytool.exitValue()).as("exit code of keytool, log in %s", log).isZero();
			write(name);
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private void write(String name) throws IOException, GeneralSecurityException {
		KeyStore keys = KeyStore.getInstance("PKCS12");
		try (InputStream input = Files.newInputStream(this.store)) {
			keys.load(input, PASSWORD.toCharArray());
		}
		Certificate certificate = keys.getCertificate(name);
		Files.writeString(certificate(name), pem("CERTIFICATE", certificate.getEncoded()));
		Files.writeString(key(name), pem("PRIVATE KEY", keys.getKey(name, PASSWORD.toCharArray()).getEncoded()));
	}

	private static String pem(String type, byte[] content) {
		String lines = Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content);
		return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, lines, type);
	}

}
