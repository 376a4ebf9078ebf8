package dev.statefun.docs;

import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import org.junit.jupiter.api.Test;

/**
 * Generates and checks the page with all meters.
 */
class MetersPageTests {

	@Test
	void pageHasAllMeters() throws Exception {
		StringBuilder page = new StringBuilder("""
				# Meters
				All meters of a running service. This page is generated. [Observability](observability.md) describes
				their use.

				| meter | kind | tags | |
				|---|---|---|---|
				""");
		append(page);
		page.append("""

				With observations of batches and messages, which tracing enables, there are the following additional
				meters, and observations record `statefun.batch`:

				| meter | kind | tags | |
				|---|---|---|---|
				""");
		append(page, "statefun.observations.batches=true", "statefun.observations.invocations=true");
		new GeneratedPage("meters.md").isUpToDate(page.toString());
	}

	private static void append(StringBuilder page, String... properties) throws Exception {
		TreeMap<String, String> rows = new TreeMap<>();
		try (MonitoredService service = MonitoredService.start(properties)) {
			for (Meter meter : service.meters()) {
				String name = meter.getId().getName();
				if (!page.toString().contains("| `" + name + "` |")) {
					rows.put(name, row(meter));
				}
			}
		}
		rows.values().forEach(page::append);
	}

	private static String row(Meter meter) {
		Meter.Id id = meter.getId();
		String unit = (id.getBaseUnit() != null) ? ", " + id.getBaseUnit() : "";
		String tags = id.getTags()
			.stream()
			.map(Tag::getKey)
			.collect(Collectors.toCollection(TreeSet::new))
			.stream()
			.map((tag) -> "`" + tag + "`")
			.collect(Collectors.joining(", "));
		String kind = id.getType().name().toLowerCase(Locale.ROOT).replace('_', ' ');
		return "| `" + id.getName() + "` | " + kind + unit + " | " + tags + " | "
				+ ((id.getDescription() != null) ? id.getDescription() : "") + " |\n";
	}

}
