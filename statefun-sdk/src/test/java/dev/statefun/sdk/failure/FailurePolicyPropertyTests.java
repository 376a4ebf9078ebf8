package dev.statefun.sdk.failure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.handler.InvocationFailedException;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Basket;
import dev.statefun.sdk.testing.BasketCodecs;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterReply.Delayed;
import dev.statefun.testing.ClusterReply.Egress;
import dev.statefun.testing.ClusterReply.Sent;
import dev.statefun.testing.ClusterReply.StateChange;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares random programs of effects, which fail at any point of any message, with a
 * plain model.
 */
class FailurePolicyPropertyTests {

	private static final EgressId LETTERS = EgressId.parse("example/letters");

	@Provide
	Arbitrary<List<String>> batches() {
		Arbitrary<String> step = Arbitraries.of("send", "delay", "record", "count", "forget", "add", "in place",
				"empty", "fail", "raw");
		return step.list().ofMaxSize(6).map((steps) -> String.join(";", steps)).list().ofMinSize(1).ofMaxSize(7);
	}

	@Property(tries = 2000)
	void failedMessagesHaveNoEffects(@ForAll("batches") List<String> batch, @ForAll Dialect dialect,
			@ForAll Answer answer, @ForAll boolean basketBefore) {
		Model model = new Model(basketBefore);
		boolean replied = model.run(batch, answer);
		ClusterRequest request = Cluster.request().absentState("count");
		if (basketBefore) {
			request.state("basket", Values.of("example/basket", ByteString.copyFromUtf8("old")));
		}
		else {
			request.absentState("basket");
		}
		request.absentState("raw");
		batch.forEach((message) -> request.message(Values.text(message)));
		var reply = handler(answer).handle(request.toByteArray(dialect == Dialect.V3));
		if (replied) {
			assertThat(ClusterReply.of(dialect == Dialect.V3, Cluster.replyOf(reply))).isEqualTo(model.reply());
		}
		else {
			assertThat(Cluster.failureOf(reply)).isInstanceOf(InvocationFailedException.class);
		}
	}

	private static RequestReplyHandler handler(Answer answer) {
		StatefulFunctions functions = StatefulFunctions.builder()
			.codecs(new BasketCodecs())
			.register(Cluster.FUNCTION, new Program())
			.build();
		return RequestReplyHandler.builder(functions).failurePolicy((failed) -> switch (answer) {
			case RETRY -> FailureAction.retry();
			case SKIP -> FailureAction.skip();
			case DEAD_LETTER -> FailureAction.deadLetter(LETTERS, failed.message());
		}).build();
	}

	enum Answer {

		RETRY, SKIP, DEAD_LETTER

	}

	/**
	 * Interprets its messages.
	 */
	static final class Program {

		@Handler
		void on(String steps, @Persisted("count") PersistedValue<Integer> count,
				@Persisted("basket") PersistedValue<Basket> basket, @Persisted("raw") PersistedValue<String> declared,
				Context context) {
			PersistedValue<Any> raw = context.state("raw");
			for (String step : steps.split(";")) {
				switch (step) {
					case "send" -> context.send("a/b", "c", count.get().orElse(0));
					case "delay" -> context.sendAfter(Duration.ofMillis(5), "a/b", "c", count.get().orElse(0));
					case "record" -> context.sendEgress("a/out", "basket " + basket.get().map(Basket::items));
					case "count" -> count.set(count.get().orElse(0) + 1);
					case "forget" -> count.remove();
					case "add" -> {
						Basket changed = basket.get().orElseGet(() -> new Basket(new ArrayList<>()));
						changed.items().add("x" + count.get().orElse(0));
						basket.set(changed);
					}
					case "in place" -> basket.get().ifPresent((kept) -> kept.items().add("lost"));
					case "empty" -> basket.remove();
					case "raw" -> raw.set(Values.text("raw " + raw.get().isPresent()));
					case "fail" -> throw new IllegalStateException("poison");
					default -> {
					}
				}
			}
		}

	}

	/**
	 * Expected result.
	 */
	private static final class Model {

		private final List<Sent> messages = new ArrayList<>();

		private final List<Delayed> delayed = new ArrayList<>();

		private final List<Egress> egresses = new ArrayList<>();

		private State state;

		Model(boolean basketBefore) {
			this.state = new State(null, basketBefore ? List.of("old") : null, null, Map.of());
		}

		boolean run(List<String> batch, Answer answer) {
			for (String message : batch) {
				int sent = this.messages.size();
				int late = this.delayed.size();
				int recorded = this.egresses.size();
				State before = this.state;
				if (!handle(message)) {
					if (answer == Answer.RETRY) {
						return false;
					}
					this.messages.subList(sent, this.messages.size()).clear();
					this.delayed.subList(late, this.delayed.size()).clear();
					this.egresses.subList(recorded, this.egresses.size()).clear();
					this.state = before;
					if (answer == Answer.DEAD_LETTER) {
						this.egresses.add(new Egress("example/letters", Values.text(message)));
					}
				}
			}
			return true;
		}

		private boolean handle(String message) {
			for (String step : message.split(";")) {
				int count = (this.state.count() != null) ? this.state.count() : 0;
				switch (step) {
					case "send" -> this.messages.add(new Sent("a/b/c", Values.integer(count)));
					case "delay" -> this.delayed.add(Delayed.of(5, "a/b/c", Values.integer(count)));
					case "record" -> this.egresses
						.add(new Egress("a/out", Values.text("basket " + Optional.ofNullable(this.state.basket()))));
					case "count" -> this.state = this.state.count(count + 1);
					case "forget" -> this.state = this.state.count(null);
					case "add" -> {
						List<String> items = (this.state.basket() != null) ? new ArrayList<>(this.state.basket())
								: new ArrayList<>();
						items.add("x" + count);
						this.state = this.state.basket(items);
					}
					case "empty" -> this.state = this.state.basket(null);
					case "raw" -> this.state = this.state.raw("raw " + (this.state.raw() != null));
					case "fail" -> {
						return false;
					}
					default -> {
					}
				}
			}
			return true;
		}

		ClusterReply reply() {
			List<StateChange> changes = new ArrayList<>();
			for (String name : List.of("count", "basket", "raw")) {
				if (this.state.changed().containsKey(name)) {
					changes.add(new StateChange(name, switch (name) {
						case "count" -> (this.state.count() != null) ? Values.integer(this.state.count()) : null;
						case "basket" -> (this.state.basket() != null) ? Values.of("example/basket",
								ByteString.copyFromUtf8(String.join(",", this.state.basket()))) : null;
						default -> Values.text(String.valueOf(this.state.raw()));
					}));
				}
			}
			return new ClusterReply(changes, this.messages, this.delayed, this.egresses, List.of());
		}

	}

	/**
	 * States, and the names of those that were changed.
	 *
	 * @param count a number, or empty
	 * @param basket texts, or empty
	 * @param raw a text, or empty
	 * @param changed names of the changed states
	 */
	private record State(@Nullable Integer count, @Nullable List<String> basket, @Nullable String raw,
			Map<String, Boolean> changed) {

		State count(@Nullable Integer value) {
			return new State(value, this.basket, this.raw, and("count"));
		}

		State basket(@Nullable List<String> items) {
			return new State(this.count, items, this.raw, and("basket"));
		}

		State raw(String value) {
			return new State(this.count, this.basket, value, and("raw"));
		}

		private Map<String, Boolean> and(String name) {
			Map<String, Boolean> extended = new TreeMap<>(this.changed);
			extended.put(name, true);
			return extended;
		}

	}

}
