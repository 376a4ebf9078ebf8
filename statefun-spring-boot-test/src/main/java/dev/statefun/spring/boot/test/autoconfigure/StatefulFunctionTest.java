package dev.statefun.spring.boot.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.statefun.spring.StatefulFunctionsCustomizer;
import dev.statefun.test.StatefulFunctionTester;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * Tests stateful functions of a Spring Boot application without the rest of it: there is
 * no web server. The context contains the given functions, or all that component scanning
 * finds; the {@code MessageCodec}, {@code MessageCodecFactory}, {@code JsonEncoder} and
 * {@link StatefulFunctionsCustomizer} components; Jackson, with its components and
 * modules, if present; and a {@link StatefulFunctionTester}, which starts every test
 * method without states.
 * <p>
 * Calls are processed as in the application: by Bean Validation, if present; by
 * {@code MessageValidator}, {@code InvocationInterceptor}, {@code FailurePolicy} and
 * {@code RequestReplyHandlerCustomizer} components; and with the failure policies,
 * retries and limits that properties configure. Properties for functions that are left
 * out are not an error.
 * <p>
 * In JUnit's parallel mode these tests run one after the other, while other tests run in
 * parallel with them.
 * <p>
 * {@code @Configuration} classes and {@code @ConfigurationProperties} are not scanned, as
 * in Boot's own slices: add those that a test needs with {@code @Import} and
 * {@code @EnableConfigurationProperties}. That includes functions, codecs and customizers
 * that {@code @Bean} methods declare.
 * <p>
 * There is neither a gateway nor a {@code FunctionClient}, whatever properties say: the
 * test makes requests with {@code StatefulFunctionTester.request}.
 * <p>
 * The tester emulates a 3.x cluster, unless the property {@code statefun.protocol} says
 * otherwise.
 *
 * <pre class="code">
 * &#64;StatefulFunctionTest(CountGreeter.class)
 * class CountGreeterTests {
 *
 * 	&#64;Autowired
 * 	private StatefulFunctionTester tester;
 *
 * 	…
 *
 * }
 * </pre>
 *
 * @since 0.1.0
 * @see AutoConfigureStatefulFunctionTester
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(StatefulFunctionTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(StatefulFunctionTypeExcludeFilter.class)
@AutoConfigureStatefulFunctionTester
@ImportAutoConfiguration
public @interface StatefulFunctionTest {

	/**
	 * Classes of the functions to test; alias for {@link #functions}.
	 * @return the classes, or none for all functions
	 */
	@AliasFor("functions")
	Class<?>[] value() default {};

	/**
	 * Classes of the functions to test, which component scanning must find.
	 * @return the classes, or none for all functions
	 */
	@AliasFor("value")
	Class<?>[] functions() default {};

	/**
	 * Properties, in the form {@literal key=value}, that are added to the environment
	 * before the test runs.
	 * @return the properties
	 */
	String[] properties() default {};

	/**
	 * Whether the context contains the functions and components of the slice. Otherwise
	 * it contains only components that the include filters match.
	 * @return whether to use the default filters
	 */
	boolean useDefaultFilters() default true;

	/**
	 * Filters for components to add to those of the slice.
	 * @return the filters
	 */
	Filter[] includeFilters() default {};

	/**
	 * Filters for components to leave out.
	 * @return the filters
	 */
	Filter[] excludeFilters() default {};

	/**
	 * Auto-configurations to leave out.
	 * @return the auto-configurations
	 */
	@AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
	Class<?>[] excludeAutoConfiguration() default {};

}
