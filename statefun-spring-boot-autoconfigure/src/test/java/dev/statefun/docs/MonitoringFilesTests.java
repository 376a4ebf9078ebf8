package dev.statefun.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the dashboard and the alerts use existing meters only, and that the
 * dashboard uses all of them.
 */
class MonitoringFilesTests {

	private static final Path FOLDER = Path.of("../deploy/monitoring");

	private static final Pattern METRIC = Pattern.compile("statefun_\\w+");

	private static final Pattern SELECTED = Pattern.compile("(statefun_\\w+)\\{([^}]*)}");

	private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(?:=~|!=|=)\\s*\"([^\"]*)\"");

	private static final Pattern GROUPED = Pattern.compile("by \\(([^)]*)\\)");

	// Added by Prometheus
	private static final String INSTANCE = "instance";

	@Test
	void dashboardShowsExactlyTheExistingMeters() throws Exception {
		List<String> expressions = new ArrayList<>();
		JsonNode dashboard = JsonMapper.shared().readTree(Files.readString(FOLDER.resolve("grafana-dashboard.json")));
		dashboard.path("panels")
			.forEach((panel) -> panel.path("targets")
				.forEach((target) -> expressions.add(target.path("expr").asString())));
		Map<String, Set<String>> labels = labels();
		assertThat(expressions).hasSizeGreaterThan(20).allSatisfy((expression) -> assertKnown(expression, labels));
		assertThat(families(expressions)).isEqualTo(families(labels.keySet()));
		dashboard.at("/templating/list")
			.forEach((variable) -> METRIC.matcher(variable.path("definition").asString())
				.results()
				.forEach((metric) -> assertThat(labels).containsKey(metric.group())));
	}

	@Test
	void alertsUseExistingMeters() throws Exception {
		Map<?, ?> file = new Yaml().load(Files.readString(FOLDER.resolve("prometheus-rules.yml")));
		List<String> expressions = new ArrayList<>();
		for (Object group : (List<?>) file.get("groups")) {
			for (Object rule : (List<?>) ((Map<?, ?>) group).get("rules")) {
				expressions.add((String) ((Map<?, ?>) rule).get("expr"));
			}
		}
		Map<String, Set<String>> labels = labels();
		assertThat(expressions).hasSize(8).allSatisfy((expression) -> assertKnown(expression, labels));
	}

	@Test
	void alertsUseExistingTagValues() throws Exception {
		String rules = Files.readString(FOLDER.resolve("prometheus-rules.yml"));
		try (MonitoredService service = MonitoredService.start()) {
			Set<String> reasons = new TreeSet<>();
			service.meters()
				.stream()
				.filter((meter) -> meter.getId().getName().equals("statefun.requests.rejected"))
				.forEach((meter) -> reasons.add(meter.getId().getTag("reason")));
			Set<String> asked = new TreeSet<>();
			Pattern.compile("reason=\"([^\"]+)\"")
				.matcher(rules)
				.results()
				.forEach((match) -> asked.add(match.group(1)));
			assertThat(reasons).containsAll(asked);
		}
	}

	private static void assertKnown(String expression, Map<String, Set<String>> labels) {
		List<String> metrics = METRIC.matcher(expression).results().map(MatchResult::group).toList();
		assertThat(metrics).isNotEmpty().allSatisfy((metric) -> assertThat(labels).containsKey(metric));
		SELECTED.matcher(expression)
			.results()
			.forEach((selected) -> LABEL.matcher(selected.group(2))
				.results()
				.map((label) -> label.group(1))
				.filter((label) -> !label.equals(INSTANCE))
				.forEach((label) -> assertThat(labels.get(selected.group(1))).contains(label)));
		GROUPED.matcher(expression).results().forEach((grouped) -> {
			for (String label : grouped.group(1).split(", ")) {
				if (!label.equals(INSTANCE)) {
					assertThat(metrics).allSatisfy((metric) -> assertThat(labels.get(metric)).contains(label));
				}
			}
		});
	}

	// Names without the suffixes that Prometheus adds for timers and summaries
	private static Set<String> families(Iterable<String> texts) {
		Set<String> families = new TreeSet<>();
		for (String text : texts) {
			METRIC.matcher(text)
				.results()
				.map((metric) -> metric.group().replaceFirst("_(count|sum|max)$", ""))
				.forEach(families::add);
		}
		return families;
	}

	private static Map<String, Set<String>> labels() throws Exception {
		Map<String, Set<String>> labels = new HashMap<>();
		try (MonitoredService service = MonitoredService.start()) {
			service.registry().scrape().lines().filter((line) -> line.startsWith("statefun_")).forEach((line) -> {
				String name = line.split("[{ ]")[0];
				Set<String> own = labels.computeIfAbsent(name, (key) -> new TreeSet<>());
				LABEL.matcher(line).results().forEach((label) -> own.add(label.group(1)));
			});
		}
		return labels;
	}

}
