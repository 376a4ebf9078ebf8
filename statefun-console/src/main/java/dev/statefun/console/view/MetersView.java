package dev.statefun.console.view;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.statefun.console.http.Answer;
import dev.statefun.console.http.ConsoleView;
import dev.statefun.console.http.JsonObject;
import dev.statefun.console.http.Routes;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;

/**
 * The meters of this project.
 *
 * @since 0.1.0
 */
public final class MetersView implements ConsoleView {

	private static final String PREFIX = "statefun.";

	private static final int MAX_METERS = 1000;

	private final MeterRegistry registry;

	/**
	 * Create the part.
	 * @param registry has the meters
	 */
	public MetersView(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void addTo(Routes routes) {
		routes.get("meters", (request) -> Answer.of(meters()));
	}

	private JsonObject meters() {
		List<JsonObject> meters = this.registry.getMeters()
			.stream()
			.filter((meter) -> meter.getId().getName().startsWith(PREFIX))
			.sorted(Comparator.comparing((meter) -> meter.getId().toString()))
			.limit(MAX_METERS)
			.map(MetersView::meter)
			.toList();
		return new JsonObject().with("meters", new ArrayList<>(meters));
	}

	private static JsonObject meter(Meter meter) {
		Map<String, String> tags = new LinkedHashMap<>();
		for (Tag tag : meter.getId().getTags()) {
			tags.put(tag.getKey(), tag.getValue());
		}
		JsonObject values = new JsonObject();
		for (Measurement measurement : meter.measure()) {
			double value = measurement.getValue();
			values.with(measurement.getStatistic().name().toLowerCase(Locale.ROOT),
					Double.isFinite(value) ? value : null);
		}
		return new JsonObject().with("name", meter.getId().getName()).with("tags", tags).with("values", values);
	}

}
