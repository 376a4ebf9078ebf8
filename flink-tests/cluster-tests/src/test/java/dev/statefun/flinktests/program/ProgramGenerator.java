package dev.statefun.flinktests.program;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

import dev.statefun.flinktests.program.Command.Append;
import dev.statefun.flinktests.program.Command.Cancel;
import dev.statefun.flinktests.program.Command.CancelTimer;
import dev.statefun.flinktests.program.Command.Delete;
import dev.statefun.flinktests.program.Command.Egress;
import dev.statefun.flinktests.program.Command.Forward;
import dev.statefun.flinktests.program.Command.Increment;
import dev.statefun.flinktests.program.Command.Reply;
import dev.statefun.flinktests.program.Command.Schedule;
import dev.statefun.flinktests.program.Command.Send;
import dev.statefun.flinktests.program.Command.SendAfter;
import dev.statefun.flinktests.program.Command.Show;
import dev.statefun.flinktests.program.Command.ShowHeaders;
import dev.statefun.flinktests.program.Command.ShowTimer;
import dev.statefun.flinktests.program.Command.StartTimer;
import dev.statefun.flinktests.program.Command.Target;
import dev.statefun.flinktests.program.Command.WithHeader;
import dev.statefun.flinktests.program.Program.Input;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.handler.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Creates random programs whose results do not depend on the order in which a runtime
 * delivers the messages of different senders.
 * <p>
 * Everything that depends on an order belongs to one chain of messages whose order is
 * certain, and only the messages of that chain use it: the value of a state, and whether
 * a token or a named timer is pending. There are two kinds of chains:
 * <ul>
 * <li>A stream is what one sender (or the ingress) sends to one receiver on behalf of one
 * other stream, all at once or all after the same delay. It is in order because a runtime
 * keeps the order between two addresses, and that of what is due later.
 * <li>The baton is one message at a time, each sent by the one before, in any way and to
 * anybody.
 * </ul>
 */
final class ProgramGenerator {

	private static final long HOURS = 36_000_000;

	private static final int DEEPEST = 12;

	private final long seed;

	private final boolean cancellations;

	private final Random random;

	private final List<Address> addresses = new ArrayList<>();

	private final List<Chain> streams = new ArrayList<>();

	private final Chain baton = new Chain("baton", null, null, Chain.AT_ONCE);

	private int messages;

	private int names;

	ProgramGenerator(long seed, Protocol cluster) {
		this.seed = seed;
		this.cancellations = cluster == Protocol.V3;
		this.random = new Random(seed * 31 + 7);
	}

	Program generate() {
		int ids = 1 + this.random.nextInt(3);
		for (int i = 0; i < ids; i++) {
			String id = this.seed + ((i == 1) ? "-€ " : "-") + i;
			this.addresses.add(Address.of("program/a", id));
			this.addresses.add(Address.of("program/b", id));
		}
		List<Chain> roots = makeStreams();
		shareStates();
		List<Input> slots = new ArrayList<>();
		this.messages = 10 + this.random.nextInt(60);
		List<Runnable> inputs = new ArrayList<>();
		for (Chain root : roots) {
			for (int i = 2 + this.random.nextInt(4); i > 0; i--) {
				inputs.add(() -> slots.add(input(root.receiver(), root)));
			}
		}
		for (int i = this.random.nextInt(6); i > 0; i--) {
			inputs.add(() -> slots.add(input(anyAddress(), null)));
		}
		inputs.add(() -> slots.add(input(anyAddress(), this.baton)));
		Collections.shuffle(inputs, this.random);
		inputs.forEach(Runnable::run);
		return new Program(this.seed, List.copyOf(this.addresses), List.copyOf(slots));
	}

	private Input input(Address target, @Nullable Chain chain) {
		return new Input(target, commands(target, null, chain, 0));
	}

	private List<Chain> makeStreams() {
		for (Address address : this.addresses) {
			if (this.streams.isEmpty() || this.random.nextBoolean()) {
				this.streams.add(new Chain("s" + this.streams.size(), address, null, Chain.AT_ONCE));
			}
		}
		List<Chain> roots = List.copyOf(this.streams);
		for (int i = this.random.nextInt(7); i > 0; i--) {
			Chain parent = any(this.streams);
			Address sender = parent.receiver();
			Address receiver = (this.random.nextInt(4) == 0) ? sender : anyAddress();
			// Two streams between the same two addresses would have no order
			if (this.streams.stream().noneMatch((known) -> known.connects(sender, receiver))) {
				long delay = (this.random.nextInt(3) == 0) ? soon() : Chain.AT_ONCE;
				Chain stream = new Chain("s" + this.streams.size(), receiver, sender, delay);
				this.streams.add(stream);
				parent.children.add(stream);
			}
		}
		return roots;
	}

	private void shareStates() {
		for (Address address : this.addresses) {
			List<Chain> candidates = this.streams.stream()
				.filter((stream) -> stream.receiver().equals(address))
				.collect(Collectors.toCollection(ArrayList::new));
			candidates.add(this.baton);
			for (String state : Instance.STATES) {
				any(candidates).states.computeIfAbsent(address, (key) -> new ArrayList<>()).add(state);
			}
		}
	}

	// A message of a chain, or of none. Those of a chain are created in the order in
	// which they will be handled
	private Commands commands(Address self, @Nullable Address caller, @Nullable Chain chain, int depth) {
		this.messages--;
		List<Command> list = new ArrayList<>();
		String name = name("message");
		for (int i = this.random.nextInt(5); i > 0; i--) {
			if (chain != null && this.random.nextInt(3) > 0) {
				addOrdered(list, self, caller, chain, depth);
			}
			else {
				add(list, self, caller, depth);
			}
		}
		if (chain == this.baton && depth < DEEPEST * 2 && this.random.nextInt(8) > 0) {
			// Last, because all effects of this message precede all that follow
			passOn(list, self, caller, this.baton, depth);
		}
		return new Commands(name, list);
	}

	// Commands that may happen in any order
	private void add(List<Command> list, Address self, @Nullable Address caller, int depth) {
		int choice = this.random.nextInt(24);
		if (choice >= 22) {
			addCancelledTimer(list);
		}
		else if (choice >= 20) {
			addTimer(list, self, depth);
		}
		else if (choice < 5) {
			list.add(new Increment());
		}
		else if (choice < 6) {
			list.add(new ShowHeaders());
		}
		else if (choice < 8) {
			list.add(new Egress(this.random.nextBoolean() ? name("record") : "record"));
		}
		else if (choice < 10 && this.cancellations) {
			addCancelled(list);
		}
		else if (this.messages > 0 && depth < DEEPEST) {
			Address target = receiverFor(self);
			if (choice < 12 && caller != null) {
				list.add(withHeaders(new Reply(commands(caller, self, null, depth + 1))));
			}
			else if (choice < 14 && this.cancellations) {
				addScheduled(list, self, target, depth);
			}
			else if (choice < 16) {
				list.add(
						withHeaders(new SendAfter(soon(), Target.of(target), commands(target, self, null, depth + 1))));
			}
			else if (choice < 17) {
				list.add(withHeaders(new Send(Target.of(target), forwarded())));
			}
			else {
				list.add(withHeaders(new Send(Target.of(target), commands(target, self, null, depth + 1))));
			}
		}
	}

	// Up to two headers, of which one goes on by itself
	private Command withHeaders(Command send) {
		return switch (this.random.nextInt(4)) {
			case 0 -> new WithHeader(Instance.PROPAGATED, name("tenant"), send);
			case 1 -> new WithHeader("own", name("€"), send);
			case 2 -> new WithHeader("own", "", new WithHeader(Instance.PROPAGATED, name("tenant"), send));
			default -> send;
		};
	}

	private Commands forwarded() {
		return Commands.of(name("message"), new ShowHeaders(), new Forward(Target.of(anyAddress())), new Increment());
	}

	// Cancelled by the reply that sends it, and perhaps sent once more
	private void addCancelled(List<Command> list) {
		String token = name("token");
		list.add(new Schedule(token, soon(), Target.of(anyAddress()), never()));
		list.add(new Cancel(token));
		if (this.random.nextBoolean()) {
			Commands message = Commands.of(name("message"), new Increment());
			list.add(new Schedule(token, soon(), Target.of(anyAddress()), message));
		}
	}

	// The token can be used again as soon as the message has arrived
	private void addScheduled(List<Command> list, Address self, Address target, int depth) {
		String token = name("token");
		Commands message = commands(target, self, null, depth + 1);
		if (target.id().equals(self.id())) {
			message.list().add(new Schedule(token, HOURS, Target.of(anyAddress()), never()));
		}
		list.add(new Schedule(token, soon(), Target.of(target), message));
	}

	// Cancelled by the message that starts it, and perhaps started once more
	private void addCancelledTimer(List<Command> list) {
		String timer = name("timer");
		list.add(new StartTimer(timer, soon(), never()));
		list.add(new CancelTimer(timer));
		if (this.random.nextBoolean()) {
			list.add(new StartTimer(timer, soon(), Commands.of(name("message"), new Increment())));
		}
		list.add(new ShowTimer(timer));
	}

	// Replaced by the message that starts it, perhaps several times
	private void addTimer(List<Command> list, Address self, int depth) {
		if (this.messages > 0 && depth < DEEPEST) {
			String timer = name("timer");
			for (int i = this.random.nextInt(3); i > 0; i--) {
				list.add(new StartTimer(timer, soon(), never()));
			}
			list.add(withHeaders(new StartTimer(timer, soon(), commands(self, null, null, depth + 1))));
		}
	}

	// Commands that belong to the chain
	private void addOrdered(List<Command> list, Address self, @Nullable Address caller, Chain chain, int depth) {
		List<String> states = chain.states.getOrDefault(self, List.of());
		int choice = this.random.nextInt(5);
		if (choice == 0 && this.cancellations) {
			addToken(list, self, chain);
		}
		else if (choice == 4) {
			addTimerOfChain(list, chain);
		}
		else if (choice == 1 && !chain.children.isEmpty() && this.messages > 0 && depth < DEEPEST) {
			Chain child = any(chain.children);
			// Often several in one reply, whose order is kept too
			for (int i = this.random.nextInt(3); i >= 0; i--) {
				list.add(toChild(child, self, caller, depth));
			}
		}
		else if (!states.isEmpty()) {
			String state = any(states);
			list.add(switch (this.random.nextInt(6)) {
				case 0 -> new Command.Set(state, this.random.nextBoolean() ? name("value") : "");
				case 1 -> new Delete(state);
				case 2 -> new Show(state);
				default -> new Append(state, name("+"));
			});
		}
	}

	private Command toChild(Chain child, Address self, @Nullable Address caller, int depth) {
		Address target = child.receiver();
		Commands message = commands(target, self, child, depth + 1);
		if (child.delay != Chain.AT_ONCE) {
			return new SendAfter(child.delay, Target.of(target), message);
		}
		return (target.equals(caller) && this.random.nextBoolean()) ? new Reply(message)
				: new Send(Target.of(target), message);
	}

	// Either type with this id may cancel messages of the other
	private void addToken(List<Command> list, Address self, Chain chain) {
		String key = self.id() + " " + chain.name;
		boolean pending = chain.pending.contains(key);
		if (pending || this.random.nextInt(3) == 0) {
			list.add(new Cancel(chain.name));
			chain.pending.remove(key);
			pending = false;
		}
		if (this.random.nextInt(3) > 0) {
			list.add(new Schedule(chain.name, HOURS, Target.of(anyAddress()), never()));
			chain.pending.add(key);
		}
	}

	// Started again and cancelled by later messages of the chain; it never fires
	private void addTimerOfChain(List<Command> list, Chain chain) {
		String timer = "timer of " + chain.name;
		list.add((this.random.nextInt(3) > 0) ? new StartTimer(timer, HOURS, never()) : new CancelTimer(timer));
		if (this.random.nextBoolean()) {
			list.add(new ShowTimer(timer));
		}
	}

	private void passOn(List<Command> list, Address self, @Nullable Address caller, Chain baton, int depth) {
		int choice = this.random.nextInt(7);
		if (choice == 6) {
			list.add(withHeaders(new StartTimer(name("timer"), soon(), commands(self, null, baton, depth + 1))));
			return;
		}
		Address target = (choice == 0 && caller != null) ? caller : receiverFor(self);
		Commands message = commands(target, self, baton, depth + 1);
		if (choice == 0 && caller != null) {
			list.add(new Reply(message));
		}
		else if (choice == 1) {
			list.add(new SendAfter(soon(), Target.of(target), message));
		}
		else if (choice == 2 && this.cancellations) {
			list.add(withHeaders(new Schedule(name("token"), soon(), Target.of(target), message)));
		}
		else {
			list.add(new Send(Target.of(target), message));
		}
	}

	private Commands never() {
		return Commands.of(name("never"), new Increment());
	}

	private long soon() {
		return (this.random.nextInt(3) == 0) ? 0 : 1 + this.random.nextInt(50);
	}

	// Often itself, or the function of the other type with the same id
	private Address receiverFor(Address self) {
		return switch (this.random.nextInt(5)) {
			case 0 -> self;
			case 1, 2 -> Address.of(FunctionType.of("program", self.type().name().equals("a") ? "b" : "a"), self.id());
			default -> anyAddress();
		};
	}

	private Address anyAddress() {
		return any(this.addresses);
	}

	private <T> T any(List<T> list) {
		return list.get(this.random.nextInt(list.size()));
	}

	private String name(String kind) {
		return kind + this.names++;
	}

	/**
	 * Messages in a certain order.
	 */
	private static final class Chain {

		static final long AT_ONCE = -1;

		final Map<Address, List<String>> states = new HashMap<>();

		final Set<String> pending = new HashSet<>();

		final List<Chain> children = new ArrayList<>();

		/** Also the token of the chain. */
		final String name;

		/** Delay of all messages, in milliseconds. */
		final long delay;

		private final @Nullable Address receiver;

		private final @Nullable Address sender;

		Chain(String name, @Nullable Address receiver, @Nullable Address sender, long delay) {
			this.name = name;
			this.receiver = receiver;
			this.sender = sender;
			this.delay = delay;
		}

		Address receiver() {
			return Objects.requireNonNull(this.receiver, "the baton goes anywhere");
		}

		boolean connects(Address sender, Address receiver) {
			return sender.equals(this.sender) && receiver.equals(this.receiver);
		}

	}

}
