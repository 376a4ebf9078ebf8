package dev.statefun.local;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Accepts messages from outside. Thread-safe.
 */
final class Ingress {

	private final Settings settings;

	private final Dispatcher dispatcher;

	private final Packer packer;

	Ingress(Settings settings, Dispatcher dispatcher, Packer packer) {
		this.settings = settings;
		this.dispatcher = dispatcher;
		this.packer = packer;
	}

	// Returns the id of the message
	long accept(Address target, @Nullable Address caller, Object message, Headers headers) {
		Objects.requireNonNull(target, "'target' must not be null");
		byte[] argument = argument(message, headers);
		return this.dispatcher.locked(() -> {
			requireRoom(target, 1);
			Message accepted = message(target, caller, argument);
			accept((cluster) -> cluster.deliver(cluster.served(target.type()), target.id(), accepted));
			return accepted.id();
		});
	}

	void acceptTogether(Address target, @Nullable Address caller, List<?> messages, Headers headers) {
		Objects.requireNonNull(target, "'target' must not be null");
		List<byte[]> arguments = messages.stream().map((message) -> argument(message, headers)).toList();
		if (arguments.isEmpty()) {
			return;
		}
		this.dispatcher.runLocked(() -> {
			requireRoom(target, arguments.size());
			List<Message> accepted = arguments.stream().map((argument) -> message(target, caller, argument)).toList();
			accept((cluster) -> cluster.deliverTogether(cluster.served(target.type()), target.id(), accepted));
		});
	}

	private byte[] argument(Object message, Headers headers) {
		Objects.requireNonNull(headers, "'headers' must not be null");
		return Argument.encode(this.settings.dialect(), this.packer.pack(message), headers);
	}

	private void requireRoom(Address target, int messages) {
		Cluster cluster = this.dispatcher.cluster();
		cluster.served(target.type());
		this.dispatcher.requireRunning();
		cluster.requireRoom(target, messages);
	}

	private Message message(Address target, @Nullable Address caller, byte[] argument) {
		Message message = new Message(this.dispatcher.cluster().ids().next(), caller, argument);
		MessageFlow flow = this.dispatcher.cluster().flow();
		if (flow.isFollowed()) {
			flow.accepted(target, message, MessageCause.outside(), this.dispatcher.now());
		}
		return message;
	}

	private void accept(Consumer<Cluster> input) {
		this.dispatcher.accept(input);
	}

}
