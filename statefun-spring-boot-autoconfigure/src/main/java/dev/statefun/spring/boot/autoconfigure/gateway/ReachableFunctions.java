package dev.statefun.spring.boot.autoconfigure.gateway;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.registry.FunctionLookup;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.gateway.function.GatewayTargets;
import org.jspecify.annotations.Nullable;

/**
 * Functions that a gateway sends to: those of this application, and those of others that
 * a property lists. The registry is read at the first request, as the gateway is part of
 * it.
 */
final class ReachableFunctions implements GatewayTargets {

	private final Supplier<StatefulFunctions> functions;

	private final List<String> others;

	private volatile @Nullable Set<FunctionType> types;

	ReachableFunctions(Supplier<StatefulFunctions> functions, List<String> others) {
		this.functions = functions;
		this.others = others;
	}

	@Override
	public boolean reaches(FunctionType type) {
		Set<FunctionType> types = this.types;
		if (types == null) {
			types = read();
			this.types = types;
		}
		return types.contains(type);
	}

	@Override
	public boolean takes(FunctionType type, String typename) {
		return FunctionLookup.takes(this.functions.get(), type, typename);
	}

	private Set<FunctionType> read() {
		Set<FunctionType> types = new HashSet<>();
		this.functions.get().functions().forEach((function) -> types.add(function.type()));
		this.others.forEach((other) -> types.add(FunctionType.parse(other)));
		return types;
	}

}
