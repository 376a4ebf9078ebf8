package dev.statefun.spring.boot.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.statefun.test.StatefulFunctionTester;
import org.junit.jupiter.api.parallel.ResourceLock;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Adds a {@link StatefulFunctionTester} to a test of the whole application. It calls the
 * functions in this process; use {@link StatefulFunctionTester#over(java.net.URI)} to
 * call them over HTTP. Every test method starts without states.
 *
 * <pre class="code">
 * &#64;SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
 * &#64;AutoConfigureStatefulFunctionTester
 * class ApplicationTests {
 *
 * 	&#64;Test
 * 	void greets(@Autowired StatefulFunctionTester tester, @LocalServerPort int port) {
 * 		URI endpoint = URI.create("http://localhost:" + port + "/statefun");
 * 		assertThat(tester.over(endpoint).send(user).to("example/hello", "joe"))…
 * 	}
 *
 * }
 * </pre>
 *
 * The tester is a bean of a context that test classes share. In JUnit's parallel mode,
 * tests with this annotation therefore run one after the other, while other tests run in
 * parallel with them.
 *
 * @since 0.1.0
 * @see StatefulFunctionTest
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
@ResourceLock("dev.statefun.test.StatefulFunctionTester")
public @interface AutoConfigureStatefulFunctionTester {

}
