package dev.statefun.flinktests.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.util.jar.JarFile;

/**
 * Runs a class by its name, or the main class of an executable jar, the only one on the
 * class path besides this class, and ends the JVM when its standard input ends, that is,
 * when the test that started it has ended for any reason.
 */
public final class BoundLauncher {

	private BoundLauncher() {
	}

	public static void main(String[] args) throws Exception {
		Thread watch = new Thread(BoundLauncher::awaitEndOfInput, "end-of-input");
		watch.setDaemon(true);
		watch.start();
		String program = args[0].endsWith(".jar") ? mainClass(args[0]) : args[0];
		String[] rest = new String[args.length - 1];
		System.arraycopy(args, 1, rest, 0, rest.length);
		Class.forName(program).getMethod("main", String[].class).invoke(null, (Object) rest);
	}

	private static String mainClass(String jar) throws IOException {
		try (JarFile file = new JarFile(jar)) {
			return file.getManifest().getMainAttributes().getValue("Main-Class");
		}
	}

	private static void awaitEndOfInput() {
		try {
			System.in.transferTo(OutputStream.nullOutputStream());
		}
		catch (IOException ex) {
			// Treated as the end of the input
		}
		Runtime.getRuntime().halt(0);
	}

}
