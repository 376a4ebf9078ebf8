package dev.statefun.spring.observation;

import java.util.Locale;
import java.util.Set;

import dev.statefun.spring.observation.StatefunObservationDocumentation.EndpointRequestKeyNames;
import dev.statefun.spring.observation.StatefunObservationDocumentation.EndpointRequestPathKeyNames;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * Default convention: {@code http.server.requests}, with the key values of Spring MVC.
 *
 * @since 0.1.0
 */
public class DefaultEndpointRequestObservationConvention implements EndpointRequestObservationConvention {

	/** Name of the observations if no other one is given. */
	public static final String DEFAULT_NAME = "http.server.requests";

	private static final String UNKNOWN = "UNKNOWN";

	// Others would be tags that clients choose
	private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
			"TRACE");

	private final String name;

	/**
	 * Create the convention.
	 */
	public DefaultEndpointRequestObservationConvention() {
		this(DEFAULT_NAME);
	}

	/**
	 * Create the convention.
	 * @param name name of the observations
	 */
	public DefaultEndpointRequestObservationConvention(String name) {
		Assert.hasText(name, "'name' must not be empty");
		this.name = name;
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public String getContextualName(EndpointRequestObservationContext context) {
		String pattern = context.pathPattern();
		String method = "http " + method(context).toLowerCase(Locale.ROOT);
		return (pattern != null) ? method + " " + pattern : method;
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(EndpointRequestObservationContext context) {
		return KeyValues.of(EndpointRequestKeyNames.EXCEPTION.withValue(exception(context.getError())),
				EndpointRequestKeyNames.METHOD.withValue(method(context)),
				EndpointRequestKeyNames.OUTCOME.withValue(outcome(context.status())), status(context.status()),
				EndpointRequestKeyNames.URI.withValue(uri(context)));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(EndpointRequestObservationContext context) {
		String path = context.path();
		return KeyValues.of(EndpointRequestPathKeyNames.URL.withValue((path != null) ? path : UNKNOWN));
	}

	private static String exception(@Nullable Throwable error) {
		if (error == null) {
			return "none";
		}
		String simpleName = error.getClass().getSimpleName();
		return StringUtils.hasText(simpleName) ? simpleName : error.getClass().getName();
	}

	private static String method(EndpointRequestObservationContext context) {
		String method = context.method();
		return (method != null && METHODS.contains(method)) ? method : UNKNOWN;
	}

	private static KeyValue status(int status) {
		return EndpointRequestKeyNames.STATUS.withValue((status > 0) ? String.valueOf(status) : UNKNOWN);
	}

	private static String outcome(int status) {
		return switch (status / 100) {
			case 2 -> "SUCCESS";
			case 4 -> "CLIENT_ERROR";
			case 5 -> "SERVER_ERROR";
			default -> UNKNOWN;
		};
	}

	private static String uri(EndpointRequestObservationContext context) {
		String pattern = context.pathPattern();
		if (pattern != null) {
			return pattern;
		}
		return (context.status() == 404) ? "NOT_FOUND" : UNKNOWN;
	}

}
