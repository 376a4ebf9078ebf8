package dev.statefun.sdk.registry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.statefun.sdk.egress.BoundEgress;
import dev.statefun.sdk.egress.Egress;
import dev.statefun.sdk.egress.EgressDestination;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.message.DeclaredTypes;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.message.MessageMappings;
import org.jspecify.annotations.Nullable;

/**
 * Binds the egresses of a registry to their destinations. A bound egress is kept, so that
 * each later use costs one lookup. Thread-safe.
 */
final class RegisteredEgresses {

	private final Map<String, EgressDestination> destinations;

	private final MessageMappings mappings;

	private final Map<Egress<?>, BoundEgress<?>> bound = new ConcurrentHashMap<>();

	RegisteredEgresses(Map<String, EgressDestination> destinations, MessageMappings mappings) {
		requireOneKind(destinations);
		this.destinations = Collections.unmodifiableMap(new LinkedHashMap<>(destinations));
		this.mappings = mappings;
	}

	// In the order of their registration
	Map<String, EgressDestination> destinations() {
		return this.destinations;
	}

	@SuppressWarnings("unchecked")
	<T> BoundEgress<T> bind(Egress<T> egress) {
		BoundEgress<?> known = this.bound.get(egress);
		return (known != null) ? (BoundEgress<T>) known : bind("Egress '" + egress.name() + "'", egress);
	}

	void requireDeclared(String origin, Egress<?> egress) {
		bind("Egress '" + egress.name() + "' of " + origin, egress);
	}

	private <T> BoundEgress<T> bind(String subject, Egress<T> egress) {
		@Nullable EgressDestination destination = this.destinations.get(egress.name());
		if (destination == null) {
			throw new InvalidDeclarationException(subject + " is not known; known are " + this.destinations.keySet(),
					"Use one of these names, or declare the egress: with the properties 'statefun.egresses."
							+ egress.name() + ".*', or by StatefulFunctions.Builder.egress",
					null);
		}
		requireMapped(subject, egress);
		BoundEgress<T> bound = new BoundEgress<>(egress, destination, this.mappings);
		this.bound.put(egress, bound);
		return bound;
	}

	private void requireMapped(String subject, Egress<?> egress) {
		try {
			MessageUnion.of(egress.type(), DeclaredTypes.of(egress.type()), this.mappings);
		}
		catch (InvalidDeclarationException ex) {
			throw new InvalidDeclarationException(subject + " has values that can't be written: " + ex.problem(),
					ex.action(), ex);
		}
	}

	private static void requireOneKind(Map<String, EgressDestination> destinations) {
		Map<EgressId, EgressDestination> byId = new LinkedHashMap<>();
		destinations.values().forEach((destination) -> {
			EgressDestination first = byId.putIfAbsent(destination.id(), destination);
			if (first != null && first.kind() != destination.kind()) {
				throw new InvalidDeclarationException("Egress '" + destination.id()
						+ "' of the cluster is declared as the " + first + " and as the " + destination,
						"Give each of them the id of an egress of its kind", null);
			}
		});
	}

}
