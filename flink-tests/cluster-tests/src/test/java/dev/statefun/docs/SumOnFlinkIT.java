package dev.statefun.docs;

import dev.statefun.flink.cluster.FlinkCluster;
import dev.statefun.spring.boot.test.autoconfigure.FlinkClusterTest;
import dev.statefun.test.FlinkClusterTester;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@FlinkClusterTest(taskManagers = 2, egresses = "shop/sums")
class SumOnFlinkIT {

	@Autowired
	private FlinkClusterTester tester;

	@Autowired
	private FlinkCluster cluster;

	@Test
	void sumSurvivesTheKillOfATaskManager() {
		this.tester.send(3).to("shop/sum", "joe");
		assertThat(this.tester.take("shop/sums", 1, Integer.class)).containsExactly(3);
		this.cluster.killTaskManager(0);
		this.cluster.startTaskManager();
		this.tester.send(4).to("shop/sum", "joe");
		assertThat(this.tester.take("shop/sums", 1, Integer.class)).containsExactly(7);
	}

}
