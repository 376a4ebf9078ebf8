package dev.statefun.sample;

import dev.statefun.sample.messages.Admin;
import dev.statefun.sample.messages.Count;
import dev.statefun.sample.messages.Greeting;
import dev.statefun.sample.messages.User;
import dev.statefun.spring.boot.test.autoconfigure.StatefulFunctionTest;
import dev.statefun.test.StatefulFunctionTester;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

@StatefulFunctionTest(CountGreeter.class)
class CountGreeterTests {

	private static final User JOE = User.newBuilder().setUserId("joe").setName("Joe").build();

	private static final Admin ADMIN = Admin.newBuilder().setName("Ann").build();

	@Autowired
	private StatefulFunctionTester tester;

	@Test
	void secondVisitIsGreetedAgain() {
		User joe = User.newBuilder().setName("Joe").build();
		this.tester.given("example/count", "joe").state("count", Count.newBuilder().setValue(1).build());
		assertThat(this.tester.send(joe).from("example/door", "front").to("example/count", "joe"))
			.hasKafkaRecord("example/greets", "greetings", "joe", "Hello again!")
			.hasReply(Greeting.newBuilder().setText("Hello again!").build())
			.hasState("count", Count.newBuilder().setValue(2).build())
			.hasNothingElse();
	}

	@ParameterizedTest
	@CsvSource({ "1,Hello again!", "2,Third time's the charm", "3,Hello for the 4th time",
			"99,Hello for the 100th time" })
	void greetsByTheNumberOfVisits(int before, String text) {
		this.tester.given("example/count", "joe").state("count", count(before));
		assertThat(this.tester.send(JOE).to("example/count", "joe"))
			.hasKafkaRecord("example/greets", "greetings", "joe", text)
			.hasState("count", count(before + 1))
			.hasNothingElse();
	}

	@Test
	void forgetsWhenAnAdminSaysSo() {
		this.tester.given("example/count", "joe").state("count", count(7));
		assertThat(this.tester.send(ADMIN).to("example/count", "joe")).hasNoState("count").hasNothingElse();
	}

	@Test
	void countsOnWithinABatch() {
		assertThat(this.tester.send(JOE, ADMIN, JOE, JOE).to("example/count", "joe")).inOrder()
			.hasKafkaRecord("example/greets", "greetings", "joe", "Hello Joe")
			.hasKafkaRecord("example/greets", "greetings", "joe", "Hello Joe")
			.hasKafkaRecord("example/greets", "greetings", "joe", "Hello again!")
			.hasState("count", count(2))
			.hasNothingElse();
	}

	private static Count count(int value) {
		return Count.newBuilder().setValue(value).build();
	}

}
