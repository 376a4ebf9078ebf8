package dev.statefun.sample;

import com.google.protobuf.Int32Value;
import dev.statefun.sample.ClusterCall.Effects;
import dev.statefun.sample.ClusterCall.Sent;
import dev.statefun.sample.messages.Admin;
import dev.statefun.sample.messages.Count;
import dev.statefun.sample.messages.Greeting;
import dev.statefun.sample.messages.User;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What each function of the sample does for a cluster.
 */
@SpringBootTest(properties = "sample.reminder-delay=3s")
@AutoConfigureMockMvc
class SampleFunctionsTests {

	private static final User JOE = User.newBuilder().setUserId("joe").setName("Joe").build();

	private static final Admin ADMIN = Admin.newBuilder().setName("Ann").build();

	@Autowired
	private MockMvcTester mvc;

	@Test
	void helloGreetsTheUser() {
		assertThat(ClusterCall.to("example/hello", "joe").message(JOE).apply(this.mvc).greetings())
			.containsExactly("greetings/joe: Hello Joe");
	}

	@Test
	void goodbyeTellsUsersFromAdmins() {
		assertThat(ClusterCall.to("example/goodbye", "x").message(JOE).message(ADMIN).apply(this.mvc).greetings())
			.containsExactly("greetings/x: Goodbye user", "greetings/x: Goodbye Admin");
	}

	@Test
	void goodbyeToAnythingElseIsAnError() {
		assertThat(ClusterCall.to("example/goodbye", "x").message(Int32Value.of(1)).send(this.mvc)).hasStatus(500);
	}

	@Test
	void callerTakesAnythingAndSendsAUser() {
		Effects effects = ClusterCall.to("example/caller", "x").message(Int32Value.of(1)).apply(this.mvc);
		User seth = User.newBuilder().setUserId("user1").setName("Seth").build();
		assertThat(effects.messages(User.class)).containsExactly(new Sent<>(0, "example/hello/user1", seth));
	}

	@ParameterizedTest
	@CsvSource({ "0,Hello Joe", "1,Hello again!", "2,Third time's the charm", "3,Hello for the 4th time",
			"99,Hello for the 100th time" })
	void countGreetsByTheNumberOfVisits(int before, String text) {
		ClusterCall call = ClusterCall.to("example/count", "joe").message(JOE);
		call = (before == 0) ? call.absentState("count")
				: call.state("count", Count.newBuilder().setValue(before).build());
		Effects effects = call.apply(this.mvc);
		assertThat(effects.greetings()).containsExactly("greetings/joe: " + text);
		assertThat(effects.state("count", Count.class)).contains(Count.newBuilder().setValue(before + 1).build());
		assertThat(effects.messages(Greeting.class)).isEmpty();
	}

	@Test
	void countRepliesWhenThereIsACaller() {
		Effects effects = ClusterCall.to("example/count", "joe")
			.absentState("count")
			.messageFrom("example/door", "front", JOE)
			.apply(this.mvc);
		assertThat(effects.messages(Greeting.class))
			.containsExactly(new Sent<>(0, "example/door/front", Greeting.newBuilder().setText("Hello Joe").build()));
	}

	@Test
	void countForgetsWhenAnAdminSaysSo() {
		Effects effects = ClusterCall.to("example/count", "joe")
			.state("count", Count.newBuilder().setValue(7).build())
			.message(ADMIN)
			.apply(this.mvc);
		assertThat(effects.deletes("count")).isTrue();
		assertThat(effects.greetings()).isEmpty();
	}

	@Test
	void oneBatchCountsOnFromMessageToMessage() {
		Effects effects = ClusterCall.to("example/count", "joe")
			.absentState("count")
			.message(JOE)
			.message(ADMIN)
			.message(JOE)
			.message(JOE)
			.apply(this.mvc);
		assertThat(effects.greetings()).containsExactly("greetings/joe: Hello Joe", "greetings/joe: Hello Joe",
				"greetings/joe: Hello again!");
		assertThat(effects.state("count", Count.class)).contains(Count.newBuilder().setValue(2).build());
	}

	@Test
	void reminderComesBackAfterItsDelay() {
		Greeting reminder = Greeting.newBuilder().setText("Reminder for Joe").build();
		assertThat(ClusterCall.to("example/reminder", "joe").message(JOE).apply(this.mvc).delayed(Greeting.class))
			.containsExactly(new Sent<>(3000, "example/reminder/joe", reminder));
		assertThat(ClusterCall.to("example/reminder", "joe").message(reminder).apply(this.mvc).greetings())
			.containsExactly("greetings/joe: Reminder for Joe");
	}

	@Test
	void actuatorShowsFunctionsAndMeters() {
		ClusterCall.to("example/hello", "joe").message(JOE).apply(this.mvc);
		assertThat(this.mvc.get().uri("/actuator/statefun")).hasStatusOk()
			.bodyJson()
			.extractingPath("$.functions['example/count'].states.count.type")
			.isEqualTo("type.googleapis.com/example.Count");
		assertThat(this.mvc.get().uri("/actuator/metrics/statefun.batch?tag=function:example/hello")).hasStatusOk()
			.bodyJson()
			.extractingPath("$.availableTags[0].values[0]")
			.isEqualTo("replied");
	}

}
