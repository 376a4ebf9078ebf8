package dev.statefun.spring.boot.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.statefun.flink.cluster.FlinkCluster;
import dev.statefun.flink.cluster.FlinkRelease;

/**
 * Starts a {@link FlinkCluster} for the functions of a test of the whole application, on
 * its real port. Needs {@code statefun-flink-cluster} on the class path of the tests.
 *
 * <pre class="code">
 * &#64;SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
 * &#64;FlinkClusterTest(taskManagers = 2)
 * class ApplicationOnFlinkTests {
 *
 * 	&#64;Test
 * 	void greets(@Autowired FlinkClusterTester tester) {
 * 		tester.send(user).to("example/count", "joe");
 * 		assertThat(tester.take("example/greets", 1, SentKafkaRecord.class))…
 * 	}
 *
 * }
 * </pre>
 *
 * The cluster is a bean of the application context: test classes with the same context
 * share it, and it ends with the context. It runs the module.yaml that the application
 * would write. The end of each log is added to a test that fails.
 * <p>
 * If the application has a gateway ({@code statefun.gateway.enabled}), its
 * {@code FunctionClient} and {@code FlinkClusterTester.request} reach the functions
 * through that gateway on the cluster, without Kafka.
 *
 * @since 0.1.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
public @interface FlinkClusterTest {

	/**
	 * Number of TaskManagers, and of parallel tasks of the job.
	 * @return the number, at least 1
	 */
	int taskManagers() default 1;

	/**
	 * Release that the cluster runs.
	 * @return the release
	 */
	FlinkRelease release() default FlinkRelease.STATEFUN_3_3;

	/**
	 * Ids of egresses that the module of the application does not contain.
	 * @return the ids, {@code <namespace>/<name>}
	 */
	String[] egresses() default {};

}
