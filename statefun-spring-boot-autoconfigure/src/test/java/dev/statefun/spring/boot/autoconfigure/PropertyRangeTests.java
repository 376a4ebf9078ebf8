package dev.statefun.spring.boot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.autoconfigure.actuate.StatefunActuatorAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.actuate.StatefunHealthProperties;
import dev.statefun.spring.boot.autoconfigure.deploy.StatefunDeployProperties;
import dev.statefun.spring.boot.autoconfigure.execution.StatefunExecutionAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.gateway.StatefunClientProperties;
import dev.statefun.spring.boot.autoconfigure.gateway.StatefunGatewayKafkaProperties;
import dev.statefun.spring.boot.autoconfigure.gateway.StatefunGatewayProperties;
import dev.statefun.spring.boot.autoconfigure.gateway.web.StatefunGatewayHttpProperties;
import dev.statefun.spring.boot.autoconfigure.local.StatefunLocalRuntimeAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.local.StatefunLocalRuntimeProperties;
import dev.statefun.spring.boot.autoconfigure.module.StatefunManifestProperties;
import dev.statefun.spring.boot.autoconfigure.module.StatefunModuleAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.module.StatefunModuleProperties;
import dev.statefun.spring.boot.autoconfigure.observation.StatefunObservationsProperties;
import dev.statefun.spring.boot.autoconfigure.security.StatefunServerProperties;
import dev.statefun.spring.boot.autoconfigure.web.StatefunWebMvcAutoConfiguration;
import dev.statefun.testing.ClusterRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that every duration, size and number among the properties has a range, which is
 * checked at start-up and stated in the message and the description. Covers all
 * properties of the metadata, including those inside maps and lists.
 */
class PropertyRangeTests {

	/** Keeps all durations of a message within those of its batch. */
	private static final String UNLIMITED = "statefun.batch-timeout=0s";

	/** Other properties that the elements of a map or list require. */
	private static final Map<String, String[]> ELEMENTS = Map.of("statefun.functions", new String[] {},
			"statefun.module.kafka.egresses",
			new String[] { "statefun.module.kafka.egresses[0].id=test/out",
					"statefun.module.kafka.egresses[0].delivery-semantic=exactly-once",
					"statefun.module.kafka.egresses[0].transaction-timeout=1m" },
			"statefun.module.kinesis.egresses", new String[] { "statefun.module.kinesis.egresses[0].id=test/out" });

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withUserConfiguration(AllProperties.class)
		.withPropertyValues(UNLIMITED);

	private final WebApplicationContextRunner webContextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class, WebMvcAutoConfiguration.class,
				DispatcherServletAutoConfiguration.class, StatefunExecutionAutoConfiguration.class,
				StatefunAutoConfiguration.class, StatefunWebMvcAutoConfiguration.class,
				StatefunActuatorAutoConfiguration.class, StatefunModuleAutoConfiguration.class,
				StatefunLocalRuntimeAutoConfiguration.class))
		.withBean(Doubling.class)
		.withPropertyValues(UNLIMITED, "statefun.failure.retry.max-retries=1", "statefun.local-runtime.enabled=true",
				"statefun.local-runtime.ingress-port=0", "statefun.local-runtime.egress-port=0");

	static List<Property> properties() throws Exception {
		List<Property> properties = new ArrayList<>();
		for (JsonNode node : metadata()) {
			String name = node.path("name").asString();
			String type = node.path("type").asString();
			Kind kind = Kind.of(type);
			if (kind != null) {
				properties.add(new Property(name, kind, node.path("description").asString(), new String[] {}));
			}
			Matcher element = Pattern.compile("dev\\.statefun[\\w.$]+(?=>)").matcher(type);
			if (element.find() && Class.forName(element.group()).isRecord()) {
				String prefix = name + (type.startsWith("java.util.Map") ? "[test/doubling]" : "[0]");
				String[] others = ELEMENTS.getOrDefault(name, new String[] { "the test has to know more of " + name });
				addNested(prefix, Class.forName(element.group()), others, properties);
			}
		}
		return properties;
	}

	private static void addNested(String prefix, Class<?> record, String[] others, List<Property> properties)
			throws Exception {
		for (RecordComponent component : record.getRecordComponents()) {
			String name = prefix + "." + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
			Kind kind = Kind.of(component.getType().getName());
			if (kind != null) {
				properties.add(new Property(name, kind, null, others));
			}
			if (component.getType().isRecord()) {
				addNested(name, component.getType(), others, properties);
			}
			if (component.getGenericType() instanceof ParameterizedType elements) {
				for (Type element : elements.getActualTypeArguments()) {
					if (element instanceof Class<?> type && type.isRecord()) {
						addNested(name + "[0]", type, others, properties);
					}
				}
			}
		}
	}

	private static List<JsonNode> metadata() throws IOException {
		try (InputStream metadata = StatefunProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			return JsonMapper.shared()
				.readTree(metadata)
				.path("properties")
				.valueStream()
				.filter((property) -> property.path("name").asString().startsWith("statefun."))
				.toList();
		}
	}

	@Test
	void allKindsOfPropertiesAreFound() throws Exception {
		assertThat(properties()).extracting(Property::name)
			.hasSizeGreaterThan(34)
			.contains("statefun.batch-timeout", "statefun.max-request-size", "statefun.health.stuck-after",
					"statefun.server.port", "statefun.failure.retry.multiplier",
					"statefun.functions[test/doubling].max-concurrency",
					"statefun.functions[test/doubling].failure.retry.max-delay",
					"statefun.module.kafka.egresses[0].transaction-timeout",
					"statefun.module.kinesis.egresses[0].max-outstanding-records");
	}

	@ParameterizedTest
	@MethodSource("properties")
	void valuesOutsideTheDocumentedRangeStopTheStartUp(Property property) throws Exception {
		Range range = rangeOf(property, property.kind().negative);
		if (!range.max().equals(String.valueOf(Integer.MAX_VALUE))) {
			assertThat(rangeOf(property, property.kind().huge)).isEqualTo(range);
			assertThat(rangeOf(property, property.kind().next(range.max(), 1))).isEqualTo(range);
		}
		assertThat(rangeOf(property, property.kind().next(range.min(), -1))).isEqualTo(range);
		if (property.kind() == Kind.TIME) {
			assertThat(DurationStyle.detectAndParse(range.max())).isLessThanOrEqualTo(Duration.ofDays(7));
		}
		assertThat(descriptions(property)).as("descriptions of " + property.name())
			.anyMatch((line) -> line.contains(range.toString()));
	}

	// Returns the range in the message about a rejected value
	private Range rangeOf(Property property, String value) {
		List<Range> found = new ArrayList<>();
		this.contextRunner.withPropertyValues(property.others())
			.withPropertyValues(property.name() + "=" + value)
			.run((context) -> {
				assertThat(context).as(property.name() + "=" + value).hasFailed();
				String message = String.valueOf(
						NestedExceptionUtils.getMostSpecificCause(Objects.requireNonNull(context.getStartupFailure()))
							.getMessage());
				Matcher matcher = Pattern.compile("'(\\S+)' is \\S+; expected (\\S+) to (\\S+)").matcher(message);
				assertThat(matcher.matches()).as(message).isTrue();
				assertThat(matcher.group(1).replace("\"", "").replace(".[", "[")).isEqualTo(property.name());
				found.add(new Range(matcher.group(2), matcher.group(3)));
			});
		return found.get(0);
	}

	// Ranges of elements are documented by the enclosing property, or on other pages
	private static List<String> descriptions(Property property) throws IOException {
		if (property.description() != null) {
			return List.of(property.description());
		}
		String last = property.name().substring(property.name().lastIndexOf('.') + 1);
		List<String> descriptions = new ArrayList<>();
		for (String page : new String[] { "properties.md", "configuration.md", "module.md" }) {
			Files.readString(Path.of("../docs/reference/" + page))
				.lines()
				.filter((line) -> line.matches(".*[.`]" + last + "`.*"))
				.forEach(descriptions::add);
		}
		return descriptions;
	}

	// The two durations exclude each other, so each is set in turn
	@Test
	void applicationRunsWithTheLargestValues() throws Exception {
		Set<String> values = new LinkedHashSet<>();
		for (Property property : properties()) {
			String max = rangeOf(property, property.kind().negative).max();
			if (property.kind() == Kind.TIME) {
				assertThat(DurationStyle.detectAndParse(max).toNanos()).isPositive();
			}
			values.addAll(List.of(property.others()));
			// The largest port may be occupied
			if (!property.name().endsWith("port")) {
				values.add(property.name() + "=" + max);
			}
		}
		for (String leftOut : new String[] { "statefun.batch-timeout=7d", "statefun.invocation-timeout=7d" }) {
			assertThat(values).contains(leftOut);
			this.webContextRunner
				.withPropertyValues(values.stream().filter((value) -> !value.equals(leftOut)).toArray(String[]::new))
				.run((context) -> {
					assertThat(context).hasNotFailed();
					MockMvcTester mvc = MockMvcTester.from(context);
					byte[] request = ClusterRequest.v3("test/doubling", "joe").message(21).toByteArray();
					assertThat(mvc.post().uri("/statefun").contentType("application/octet-stream").content(request))
						.hasStatusOk();
					assertThat(Objects.requireNonNull(context.getBean(HealthIndicator.class).health()).getDetails())
						.containsKey("stuckBatches");
				});
		}
	}

	/**
	 * A property.
	 *
	 * @param name its name
	 * @param kind type of its value
	 * @param description its description, if the metadata has it
	 * @param others other properties that must be set
	 */
	record Property(String name, Kind kind, @Nullable String description, String[] others) {

		@Override
		public String toString() {
			return this.name;
		}

	}

	record Range(String min, String max) {

		@Override
		public String toString() {
			return this.min + " to " + this.max;
		}

	}

	enum Kind {

		TIME("PT9999999H", "-1s", Set.of(Duration.class.getName())) {

			@Override
			String next(String value, long difference) {
				return DurationStyle.detectAndParse(value).plusNanos(difference).toString();
			}

		},

		SIZE(Long.MAX_VALUE + "B", "-1B", Set.of(DataSize.class.getName())) {

			@Override
			String next(String value, long difference) {
				return (DataSize.parse(value).toBytes() + difference) + "B";
			}

		},

		NUMBER(Integer.toString(Integer.MAX_VALUE), "-1", Set.of(Integer.class.getName(), Long.class.getName(),
				Double.class.getName(), "int", "long", "double")) {

			@Override
			String next(String value, long difference) {
				return new BigDecimal(value).add(BigDecimal.valueOf(difference)).toPlainString();
			}

		};

		private final String huge;

		private final String negative;

		private final Set<String> types;

		Kind(String huge, String negative, Set<String> types) {
			this.huge = huge;
			this.negative = negative;
			this.types = types;
		}

		abstract String next(String value, long difference);

		static @Nullable Kind of(String type) {
			for (Kind kind : values()) {
				if (kind.types.contains(type)) {
					return kind;
				}
			}
			return null;
		}

	}

	@EnableConfigurationProperties({ StatefunProperties.class, StatefunEgressProperties.class,
			StatefunHeadersProperties.class, StatefunHealthProperties.class, StatefunDeployProperties.class,
			StatefunLocalRuntimeProperties.class, StatefunManifestProperties.class, StatefunModuleProperties.class,
			StatefunObservationsProperties.class, StatefunServerProperties.class, StatefunGatewayProperties.class,
			StatefunGatewayKafkaProperties.class, StatefunGatewayHttpProperties.class, StatefunClientProperties.class })
	static class AllProperties {

	}

	/**
	 * Answers each message with twice its value.
	 */
	@StatefulFunction("test/doubling")
	static class Doubling {

		@Handler
		void on(int message, Context context) {
			context.send("test/doubling", "ann", 2 * message);
		}

	}

}
