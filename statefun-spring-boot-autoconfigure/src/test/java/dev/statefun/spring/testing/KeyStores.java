package dev.statefun.spring.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Keys and certificates that last for a test, issued by the JDK's own {@code keytool}.
 */
public final class KeyStores {

	public static final String PASSWORD = "changeit";

	public static final String ENTITY = "entity";

	private static final String AUTHORITY = "authority";

	private KeyStores() {
	}

	/**
	 * Let a new authority issue a certificate for the loopback address.
	 * @param file where to keep both
	 * @return the authority and the entity, with their keys
	 * @throws Exception if it can't
	 */
	public static KeyStore issue(Path file) throws Exception {
		keytool(file, AUTHORITY, "-dname", "CN=authority of " + file.getFileName(), "-ext", "bc:c");
		keytool(file, ENTITY, "-dname", "CN=localhost", "-signer", AUTHORITY, "-ext", "san=ip:127.0.0.1,dns:localhost");
		return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
	}

	private static void keytool(Path file, String alias, String... more) throws Exception {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
						"-keystore", file.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD, "-alias", alias,
						"-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2"));
		command.addAll(List.of(more));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes());
		if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
			throw new IllegalStateException(output);
		}
	}

	/**
	 * Return the properties of an SSL bundle named {@code mine}, which the endpoint uses.
	 * @param keys file with the keys of the server
	 * @param trusted file with the authorities of its clients
	 * @return properties of an application
	 */
	public static List<String> bundle(Path keys, Path trusted) {
		String bundle = "spring.ssl.bundle.jks.mine.";
		return List.of("statefun.server.ssl.bundle=mine", bundle + "keystore.location=file:" + keys,
				bundle + "keystore.password=" + PASSWORD, bundle + "keystore.type=PKCS12",
				bundle + "key.alias=" + ENTITY, bundle + "truststore.location=file:" + trusted,
				bundle + "truststore.password=" + PASSWORD, bundle + "truststore.type=PKCS12");
	}

	public static KeyStore empty() throws GeneralSecurityException, IOException {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		return store;
	}

	public static KeyStore trusting(KeyStore issued) throws GeneralSecurityException, IOException {
		KeyStore store = empty();
		store.setCertificateEntry(AUTHORITY, issued.getCertificate(AUTHORITY));
		return store;
	}

	public static KeyStore entityOf(KeyStore issued) throws GeneralSecurityException, IOException {
		KeyStore store = empty();
		store.setKeyEntry(ENTITY, issued.getKey(ENTITY, PASSWORD.toCharArray()), PASSWORD.toCharArray(),
				issued.getCertificateChain(ENTITY));
		return store;
	}

	public static void store(KeyStore store, Path file) throws GeneralSecurityException, IOException {
		try (OutputStream out = Files.newOutputStream(file)) {
			store.store(out, PASSWORD.toCharArray());
		}
	}

}
