package dev.statefun.benchmarks.startup;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import com.sun.management.OperatingSystemMXBean;
import dev.statefun.sdk.registry.StatefulFunctions;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.util.ClassUtils;

/**
 * An application that starts, prints the figures of its start, and ends. It runs with or
 * without the starter on the class path, so it must not depend on any other class of this
 * module.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class StartedApplication {

	/** Prefix of the line with the figures. */
	static final String FIGURES = "started";

	/**
	 * Start the application and print the figures.
	 * @param arguments kind and number of the beans
	 * @throws IOException if the process can't be inspected
	 */
	public static void main(String[] arguments) throws IOException {
		Beans beans = Beans.valueOf(arguments[0]);
		int count = Integer.parseInt(arguments[1]);
		SpringApplication application = new SpringApplication(StartedApplication.class);
		application.addInitializers((context) -> IntStream.range(0, count)
			.forEach((index) -> ((GenericApplicationContext) context).registerBean(beanClass(beans, index))));
		try (ConfigurableApplicationContext context = application.run("--server.port=0",
				"--server.address=127.0.0.1")) {
			long processor = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
					/ 1_000_000;
			long now = System.currentTimeMillis();
			int functions = ClassUtils.isPresent("dev.statefun.sdk.registry.StatefulFunctions", null)
					? Registry.size(context) : 0;
			if (functions != (beans.areFunctions() ? count : 0)) {
				throw new IllegalStateException("There are " + functions + " functions, and " + count + " beans");
			}
			long time = now - ManagementFactory.getRuntimeMXBean().getStartTime();
			System.gc();
			long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024;
			System.out.println(FIGURES + " " + processor + " " + time + " " + heap + " " + resident());
		}
	}

	private static Class<?> beanClass(Beans beans, int index) {
		return ClassUtils.resolveClassName("startup." + beans.className(index), null);
	}

	// In KiB, if the operating system provides it
	private static long resident() throws IOException {
		Path status = Path.of("/proc/self/status");
		List<String> lines = Files.isReadable(status) ? Files.readAllLines(status) : List.of();
		return lines.stream()
			.filter((line) -> line.startsWith("VmRSS:"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")))
			.findFirst()
			.orElse(-1);
	}

	/**
	 * Depends on the starter, and is not loaded without it.
	 */
	private static final class Registry {

		private static int size(ConfigurableApplicationContext context) {
			return context.getBean(StatefulFunctions.class).functions().size();
		}

	}

}
