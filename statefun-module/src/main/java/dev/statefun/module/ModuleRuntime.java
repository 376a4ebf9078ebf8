package dev.statefun.module;

/**
 * Runtime of a StateFun cluster. Runtimes differ in the form of their module.yaml and in
 * keys of their own.
 *
 * @since 0.1.0
 */
public enum ModuleRuntime {

	/** Apache StateFun 3.3, on Flink 1.16. */
	APACHE_3_3("apache-3.3", ModuleFormat.V3),

	/** Apache StateFun 2.2, on Flink 1.11. */
	APACHE_2_2("apache-2.2", ModuleFormat.V2),

	/** The fork {@code kzmlabs/flink-statefun}, on Flink 2.2. */
	KZMLABS("kzmlabs", ModuleFormat.V3),

	/** The fork {@code fransking/flink-statefun}, on Flink 2.2. */
	FRANSKING("fransking", ModuleFormat.V3);

	private final String text;

	private final ModuleFormat format;

	ModuleRuntime(String text, ModuleFormat format) {
		this.text = text;
		this.format = format;
	}

	/**
	 * Return the form of module.yaml that this runtime reads.
	 * @return the form
	 */
	public ModuleFormat format() {
		return this.format;
	}

	/**
	 * Return the property of a Kafka ingress that makes it look for new partitions. Flink
	 * has replaced its consumer.
	 * @return the name, for values in milliseconds
	 */
	String partitionDiscovery() {
		return (this == APACHE_3_3 || this == APACHE_2_2) ? "flink.partition-discovery.interval-millis"
				: "partition.discovery.interval.ms";
	}

	/**
	 * Return the runtime that a file is written for if only its form is known.
	 * @param format form of the file
	 * @return the runtime of Apache
	 */
	static ModuleRuntime of(ModuleFormat format) {
		return (format == ModuleFormat.V2) ? APACHE_2_2 : APACHE_3_3;
	}

	/**
	 * Return the name in lower case.
	 * @return the value of {@code statefun.module.runtime}
	 */
	@Override
	public String toString() {
		return this.text;
	}

}
