package dev.statefun.sample;

import java.time.Duration;

import com.google.protobuf.Int32Value;
import dev.statefun.local.RequestFailedException;
import dev.statefun.sample.messages.Admin;
import dev.statefun.sample.messages.Greeting;
import dev.statefun.sample.messages.User;
import dev.statefun.spring.boot.test.autoconfigure.StatefulFunctionTest;
import dev.statefun.test.StatefulFunctionTester;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the other functions of the sample. The slice does not scan configurations and
 * properties, so the test imports them.
 */
@StatefulFunctionTest(properties = "sample.reminder-delay=3s")
@Import(CallerConfiguration.class)
@EnableConfigurationProperties(SampleProperties.class)
class SampleFunctionsTests {

	private static final User JOE = User.newBuilder().setUserId("joe").setName("Joe").build();

	private static final Admin ADMIN = Admin.newBuilder().setName("Ann").build();

	@Autowired
	private StatefulFunctionTester tester;

	@Test
	void helloGreetsTheUser() {
		assertThat(this.tester.send(JOE).to("example/hello", "joe"))
			.hasKafkaRecord("example/greets", "greetings", "joe", "Hello Joe")
			.hasNothingElse();
	}

	@Test
	void goodbyeHandlesUsersAndAdmins() {
		assertThat(this.tester.send(JOE, ADMIN).to("example/goodbye", "x")).inOrder()
			.hasKafkaRecord("example/greets", "greetings", "x", "Goodbye user")
			.hasKafkaRecord("example/greets", "greetings", "x", "Goodbye Admin")
			.hasNothingElse();
	}

	@Test
	void goodbyeToAnyOtherMessageIsAnError() {
		assertThatExceptionOfType(RequestFailedException.class)
			.isThrownBy(() -> this.tester.send(Int32Value.of(1)).to("example/goodbye", "x"))
			.withMessageContaining("Function 'example/goodbye' takes no message of type");
	}

	@Test
	void callerAcceptsAnyMessageAndGreetsSeth() {
		User seth = User.newBuilder().setUserId("user1").setName("Seth").build();
		assertThat(this.tester.send("anything").to("example/caller", "x")).hasMessage("example/hello", "user1", seth)
			.hasKafkaRecord("example/greets", "greetings", "user1", "Hello Seth")
			.hasNothingElse();
	}

	@Test
	void reminderArrivesAfterItsDelay() {
		Greeting reminder = Greeting.newBuilder().setText("Reminder for Joe").build();
		assertThat(this.tester.send(JOE).to("example/reminder", "joe"))
			.hasDelayedMessage(Duration.ofSeconds(3), "example/reminder", "joe", reminder)
			.hasNothingElse();
		assertThat(this.tester.advance(Duration.ofSeconds(3)))
			.hasKafkaRecord("example/greets", "greetings", "joe", "Reminder for Joe")
			.hasNothingElse();
	}

}
