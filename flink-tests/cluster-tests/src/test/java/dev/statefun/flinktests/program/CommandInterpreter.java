package dev.statefun.flinktests.program;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.CancellationToken;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.egress.KafkaRecord;

/**
 * A function that executes the commands of its messages.
 */
final class CommandInterpreter {

	static final String EGRESS = "program/out";

	@Handler
	void on(Commands commands, @Persisted("count") PersistedValue<Long> count,
			@Persisted("text") PersistedValue<String> text, @Persisted("note") PersistedValue<Note> note,
			@Persisted("raw") PersistedValue<Any> raw, Timers timers, Context context) {
		Instance instance = new RealInstance(count, text, note, raw, timers, context);
		instance.egress(commands.name());
		commands.list().forEach((command) -> command.execute(instance));
	}

	private record RealInstance(PersistedValue<Long> number, PersistedValue<String> text, PersistedValue<Note> note,
			PersistedValue<Any> raw, Timers timers, Context context) implements Instance {

		@Override
		public void increment() {
			this.number.set(count() + 1);
		}

		@Override
		public long count() {
			return this.number.get().orElse(0L);
		}

		@Override
		public Optional<String> get(String state) {
			return switch (state) {
				case "text" -> this.text.get();
				case "note" -> this.note.get().map(RealInstance::checked);
				default -> this.raw.get().map(RealInstance::checked);
			};
		}

		private static String checked(Note note) {
			return note.equals(Note.of(note.title())) ? note.title() : note.toString();
		}

		private static String checked(Any any) {
			String text = any.getValue().toStringUtf8();
			return any.equals(any(text)) ? text : any.toString();
		}

		private static Any any(String text) {
			return Any.newBuilder()
				.setTypeUrl("program/Raw" + text.length())
				.setValue(ByteString.copyFromUtf8(text))
				.build();
		}

		@Override
		public void set(String state, String text) {
			switch (state) {
				case "text" -> this.text.set(text);
				case "note" -> this.note.set(Note.of(text));
				default -> this.raw.set(any(text));
			}
		}

		@Override
		public void delete(String state) {
			switch (state) {
				case "text" -> this.text.remove();
				case "note" -> this.note.remove();
				default -> this.raw.remove();
			}
		}

		@Override
		public void egress(String text) {
			this.context.sendEgress(EGRESS,
					KafkaRecord.forTopic("program").key(this.context.self().toString()).utf8Value(text).build());
		}

		@Override
		public void send(Address target, Commands message) {
			this.context.send(target, message);
		}

		@Override
		public void reply(Commands message) {
			this.context.reply(message);
		}

		@Override
		public void sendAfter(Duration delay, Address target, Commands message) {
			this.context.sendAfter(delay, target, message);
		}

		@Override
		public void schedule(String token, Duration delay, Address target, Commands message) {
			this.context.sendAfter(delay, target, message, CancellationToken.of(token));
		}

		@Override
		public void cancel(String token) {
			this.context.cancelDelayed(CancellationToken.of(token));
		}

		@Override
		public void startTimer(String timer, Duration delay, Commands message) {
			this.timers.start(timer, delay, message);
		}

		@Override
		public void cancelTimer(String timer) {
			this.timers.cancel(timer);
		}

		@Override
		public boolean isPending(String timer) {
			return this.timers.pending().contains(timer);
		}

		@Override
		public Map<String, String> headers() {
			Map<String, String> headers = new TreeMap<>();
			this.context.headers()
				.all()
				.forEach((header) -> headers.put(header.key(),
						this.context.headers().get(header.key()).orElse("absent")));
			return headers;
		}

		@Override
		public Instance withHeader(String key, String value) {
			Context with = this.context.withHeaders(Headers.of(key, value));
			return new RealInstance(this.number, this.text, this.note, this.raw, Timers.of(with), with);
		}

		@Override
		public void forward(Address target) {
			this.context.forward(target);
		}

	}

}
