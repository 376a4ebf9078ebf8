package dev.statefun.local;

import java.lang.invoke.MethodType;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.failure.CauseChain;
import dev.statefun.sdk.message.DeclaredTypes;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.registry.FunctionDescriptor.StateDescriptor;

/**
 * Reads and sets states of function instances from outside, as values of mapped types.
 * Thread-safe.
 */
final class StateAccess {

	private final Settings settings;

	private final Dispatcher dispatcher;

	private final Packer packer;

	StateAccess(Settings settings, Dispatcher dispatcher, Packer packer) {
		this.settings = settings;
		this.dispatcher = dispatcher;
		this.packer = packer;
	}

	void set(Address self, String name, Object value) {
		this.dispatcher.runLocked(() -> {
			StateDescriptor declared = changeable(self, name);
			Any packed = pack(self, declared, value);
			if (isBusy(self)) {
				throw new StateConflictException("State '" + name + "' of '" + self
						+ "' can't be set while messages are waiting for it; set it first");
			}
			this.dispatcher.accept((cluster) -> set(cluster, self, declared, packed));
		});
	}

	void replace(Address self, String name, Optional<Any> expected, Object value) {
		this.dispatcher.runLocked(() -> {
			StateDescriptor declared = changeable(self, name);
			Any packed = pack(self, declared, value);
			if (!declared.valueType().equals(Any.class)) {
				unpack(declared, self, packed, declared.valueType());
			}
			requireValue(self, name, expected);
			this.dispatcher.accept((cluster) -> set(cluster, self, declared, packed));
		});
	}

	void remove(Address self, String name, Any expected) {
		this.dispatcher.runLocked(() -> {
			changeable(self, name);
			requireValue(self, name, Optional.of(expected));
			this.dispatcher.accept((cluster) -> remove(cluster, self, name));
		});
	}

	private StateDescriptor changeable(Address self, String name) {
		this.dispatcher.cluster().served(self.type());
		this.dispatcher.requireRunning();
		return declared(self.type(), name);
	}

	private boolean isBusy(Address self) {
		Mailbox mailbox = this.dispatcher.cluster().served(self.type()).findMailbox(self.id());
		return mailbox != null && mailbox.inFlight() != null;
	}

	private void requireValue(Address self, String name, Optional<Any> expected) {
		if (isBusy(self)) {
			throw new StateConflictException("State '" + name + "' of '" + self
					+ "' can't be changed while messages are waiting for it; try again when they are handled");
		}
		Optional<Any> value = get(self, name);
		if (!value.equals(expected)) {
			throw new StateConflictException("State '" + name + "' of '" + self + "' has "
					+ (value.isPresent() ? "another value" : "no value") + "; expected "
					+ (expected.isPresent() ? "the value that was seen" : "none") + ". Look at it again");
		}
	}

	private void remove(Cluster cluster, Address self, String name) {
		HostedFunction function = cluster.served(self.type());
		Mailbox mailbox = function.findMailbox(self.id());
		int state = function.indexOf(name);
		if (mailbox != null && state >= 0) {
			mailbox.value(state, null, this.dispatcher.now());
			function.removeIfEmpty(mailbox, this.dispatcher.now());
		}
	}

	private void set(Cluster cluster, Address self, StateDescriptor declared, Any value) {
		HostedFunction function = cluster.served(self.type());
		int state = function.indexOf(declared.name());
		if (state < 0) {
			state = function.add(new KeptState(declared.name(), declared.typename(), declared.expiration(), false));
		}
		function.mailbox(self.id()).value(state, cluster.stateBytes(value, declared.typename()), this.dispatcher.now());
	}

	// Only a raw state accepts a value of any type
	private Any pack(Address self, StateDescriptor declared, Object value) {
		if (!(value instanceof Any) && isOf(declared, value)) {
			return Packer.pack(mapping(declared), value);
		}
		Any packed = this.packer.pack(value);
		if (!declared.typename().equals(Cluster.ANY_TYPE) && !declared.typename().equals(packed.getTypeUrl())) {
			throw new IllegalArgumentException("State '" + declared.name() + "' of '" + self + "' is of the type '"
					+ declared.typename() + "'; a value of the type '" + packed.getTypeUrl() + "' can't be its value");
		}
		return packed;
	}

	private static boolean isOf(StateDescriptor declared, Object value) {
		return boxed(DeclaredTypes.classOf(declared.valueType())).isInstance(value);
	}

	private static Class<?> boxed(Class<?> type) {
		return MethodType.methodType(type).wrap().returnType();
	}

	List<StateDescriptor> declared(FunctionType type) {
		Binding binding = this.settings.functions().get(type);
		return (binding != null) ? binding.states() : List.of();
	}

	private StateDescriptor declared(FunctionType type, String name) {
		List<StateDescriptor> states = declared(type);
		for (StateDescriptor state : states) {
			if (state.name().equals(name)) {
				return state;
			}
		}
		throw new IllegalArgumentException("Function '" + type + "' declares no state '" + name + "'; it declares "
				+ states.stream().map(StateDescriptor::name).toList());
	}

	Optional<Any> get(Address self, String name) {
		return this.dispatcher.locked(() -> {
			HostedFunction function = this.dispatcher.cluster().served(self.type());
			int state = function.indexOf(name);
			if (state < 0) {
				declared(self.type(), name);
				return Optional.empty();
			}
			Mailbox mailbox = function.findMailbox(self.id());
			return (mailbox != null) ? this.dispatcher.cluster().state(mailbox, name, this.dispatcher.now())
					: Optional.empty();
		});
	}

	@SuppressWarnings("unchecked")
	<T> Optional<T> get(Address self, String name, Type type) {
		Optional<Any> state = get(self, name);
		return (Optional<T>) ((type == Any.class) ? state
				: state.map((value) -> unpack(declared(self.type(), name), self, value, type)));
	}

	Map<String, Any> getAll(Address self) {
		return this.dispatcher.locked(() -> {
			Map<String, Any> states = new LinkedHashMap<>();
			for (KeptState state : this.dispatcher.cluster().served(self.type()).states()) {
				get(self, state.name()).ifPresent((value) -> states.put(state.name(), value));
			}
			return states;
		});
	}

	private Object unpack(StateDescriptor declared, Address self, Any value, Type type) {
		String description = "State '" + declared.name() + "' of '" + self + "'";
		MessageMapping<?> mapping = mapping(declared, type);
		if (!mapping.accepts(value.getTypeUrl())) {
			throw new IllegalArgumentException(description + " is of the type '" + value.getTypeUrl() + "'; '"
					+ type.getTypeName() + "' is mapped to '" + mapping.typename() + "'");
		}
		byte[] bytes = value.getValue().toByteArray();
		try {
			return mapping.codec().decode(bytes, 0, bytes.length);
		}
		catch (Exception ex) {
			throw new IllegalArgumentException(
					description + " can't be decoded as '" + type.getTypeName() + "': " + CauseChain.messageOf(ex), ex);
		}
	}

	// A class matches a declared type with any type arguments
	private MessageMapping<?> mapping(StateDescriptor declared, Type type) {
		boolean declaredSo = declared.valueType().equals(type)
				|| type instanceof Class<?> asked && boxed(DeclaredTypes.classOf(declared.valueType())) == boxed(asked);
		return declaredSo ? mapping(declared) : this.settings.mappings().of(type);
	}

	private MessageMapping<?> mapping(StateDescriptor declared) {
		return this.settings.mappings().of(declared.valueType(), declared.typename());
	}

}
