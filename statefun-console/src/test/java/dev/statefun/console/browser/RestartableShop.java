package dev.statefun.console.browser;

import java.util.Scanner;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The shop in a JVM of its own, which DevTools restarts for each line that it reads.
 */
public final class RestartableShop {

	private RestartableShop() {
	}

	/**
	 * Starts the application, and waits for a line.
	 * @param arguments properties of the application
	 */
	public static void main(String[] arguments) {
		ConfigurableApplicationContext context = SpringApplication.run(Shop.class, arguments);
		int port = Shop.port(context);
		// The port stays the same, as that of an application under development does
		System.setProperty("server.port", Integer.toString(port));
		System.out.println("PORT " + port);
		Thread reader = new Thread(() -> {
			if (new Scanner(System.in).hasNextLine()) {
				Restarter.getInstance().restart();
			}
			else {
				System.exit(0);
			}
		}, "restarts");
		reader.setDaemon(true);
		reader.start();
	}

}
