package dev.statefun.module;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.statefun.module.ModuleContent.Functions;
import dev.statefun.module.ModuleContent.State;
import dev.statefun.module.ModuleFinding.Kind;
import dev.statefun.module.ModuleVerifier.Ports;
import dev.statefun.module.settings.BatchTimeLimit;
import dev.statefun.module.settings.Gateway;
import dev.statefun.module.settings.Transport;
import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.message.MessageMappings;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.FunctionDescriptor.HandlerDescriptor;
import dev.statefun.sdk.registry.FunctionDescriptor.StateDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * Compares a module.yaml with the served functions.
 */
final class Comparison {

	private static final String FILE = "the file";

	/** Length from which a segment of a path may be a secret. */
	private static final int MIN_SECRET = 16;

	private final ModuleContent content;

	private final List<FunctionDescriptor> served;

	private final MessageMappings mappings;

	private final Findings findings;

	private final Map<FunctionType, Functions> entries = new LinkedHashMap<>();

	Comparison(ModuleContent content, StatefulFunctions functions, Findings findings) {
		this.content = content;
		this.served = functions.functions()
			.stream()
			.sorted(Comparator.comparing((function) -> function.type().toString()))
			.toList();
		this.mappings = functions.mappings();
		this.findings = findings;
		this.served.forEach((function) -> {
			Functions entry = entryFor(function.type());
			if (entry != null) {
				this.entries.put(function.type(), entry);
			}
		});
	}

	// A function's own entry precedes that of its namespace (protocol.md §7.3)
	private @Nullable Functions entryFor(FunctionType type) {
		Functions namespace = null;
		for (Functions entry : this.content.functions()) {
			if (entry.pattern().equals(type.toString())) {
				return entry;
			}
			if (entry.isNamespace() && entry.namespace().equals(type.namespace())) {
				namespace = entry;
			}
		}
		return namespace;
	}

	void functions() {
		for (FunctionDescriptor function : this.served) {
			if (!this.entries.containsKey(function.type())) {
				this.findings.error(Kind.MISSING_FUNCTION, FILE, "no function '" + function.type() + "'",
						"an entry for it, as " + function.origin() + " serves it and a message to it fails the job",
						"Add it, or write the file with 'statefun.module.write-to'");
			}
		}
		Set<String> servers = new HashSet<>();
		this.entries.values().stream().map(Comparison::server).forEach(servers::add);
		for (Functions entry : this.content.functions()) {
			if (isServed(entry)) {
				continue;
			}
			String found = "'" + entry.pattern() + "', which is not served here";
			if (servers.contains(server(entry))) {
				this.findings.error(Kind.UNKNOWN_FUNCTION, entry.place(), found,
						"one of " + types() + ", as this application answers at '" + server(entry) + "'",
						"Remove it, or correct its name");
			}
			else {
				this.findings.warning(Kind.UNKNOWN_FUNCTION, entry.place(), found, "a function of another application",
						"Make sure that '" + server(entry) + "' serves it");
			}
		}
	}

	// An entry that is overridden by another one still belongs to its functions
	private boolean isServed(Functions entry) {
		return this.served.stream()
			.map(FunctionDescriptor::type)
			.anyMatch((type) -> entry.isNamespace() ? type.namespace().equals(entry.namespace())
					: type.toString().equals(entry.pattern()));
	}

	private static String server(Functions entry) {
		return (entry.url() != null) ? entry.url().server() : "";
	}

	private List<FunctionType> types() {
		return this.served.stream().map(FunctionDescriptor::type).toList();
	}

	void states() {
		for (FunctionDescriptor function : this.served) {
			Functions entry = this.entries.get(function.type());
			if (entry != null) {
				states(function, entry);
			}
		}
	}

	private void states(FunctionDescriptor function, Functions entry) {
		Set<String> unknown = new LinkedHashSet<>(entry.states().keySet());
		for (StateDescriptor declared : function.states()) {
			unknown.remove(declared.name());
			State state = entry.states().get(declared.name());
			State expected = expected(declared);
			if (state == null) {
				this.findings.error(Kind.MISSING_STATE, entry.place(), "no state '" + declared.name() + "'",
						"it, as every request without it fails",
						"Add '" + yaml(declared.name(), expected) + "' to its 'states'");
			}
			else if (!isSame(state, expected)) {
				this.findings.error(Kind.OTHER_EXPIRATION, state.place(),
						"state '" + declared.name() + "' with " + state.describe(),
						expected.describe() + ", as the function declares",
						"Write '" + yaml(declared.name(), expected) + "', or change the declaration");
			}
		}
		for (String name : unknown) {
			State state = entry.states().get(name);
			this.findings.warning(Kind.UNKNOWN_STATE, (state != null) ? state.place() : entry.place(),
					"state '" + name + "', which the function does not declare",
					"declared states, as others are sent with each request for nothing",
					"Remove it when what it holds is not needed any more");
		}
	}

	private static State expected(StateDescriptor declared) {
		Expiration expiration = declared.expiration();
		return new State("", (expiration.mode() != Expiration.Mode.NEVER) ? expiration.timeToLive() : null,
				ExpireModes.write(expiration.mode()));
	}

	private static boolean isSame(State one, State other) {
		Duration expireAfter = one.expireAfter();
		if (expireAfter == null || other.expireAfter() == null) {
			return expireAfter == other.expireAfter();
		}
		return expireAfter.equals(other.expireAfter()) && one.mode().equals(other.mode());
	}

	private static String yaml(String name, State state) {
		return (state.expireAfter() != null) ? "- {name: " + name + ", expireAfter: \""
				+ YamlDurations.write(state.expireAfter()) + "\", expireMode: " + state.mode() + "}"
				: "- name: " + name;
	}

	void targets() {
		for (ModuleContent.Target target : this.content.targets()) {
			int slash = target.function().lastIndexOf('/');
			if (slash < 1 || slash == target.function().length() - 1
					|| entryFor(FunctionType.parse(target.function())) == null) {
				this.findings.error(Kind.UNKNOWN_TARGET, target.place(), "target '" + target.function() + "'",
						"a function of this file, as a message to any other fails the job",
						"Correct it, or add the function");
			}
			else {
				values(target);
			}
		}
	}

	// A function that is served elsewhere may accept any type
	private void values(ModuleContent.Target target) {
		ModuleContent.ValueType values = target.values();
		if (values == null) {
			return;
		}
		this.served.stream()
			.filter((function) -> function.type().toString().equals(target.function()))
			.filter((function) -> function.handlers().stream().noneMatch((handler) -> takes(handler, values.name())))
			.forEach((function) -> this.findings.error(Kind.UNHANDLED_TYPE, values.place(),
					"values of the type '" + values.name() + "' for target '" + target.function() + "'",
					"one of " + function.handlers().stream().map(HandlerDescriptor::typename).sorted().toList()
							+ ", as the function has a handler for no other type and such a value parks the job",
					"Correct '" + values.key() + "', or add a @Handler method that takes '" + values.name() + "'"));
	}

	private boolean takes(HandlerDescriptor handler, String typename) {
		return handler.typename().equals("*") || handler.typename().equals(typename)
				|| this.mappings.of(handler.messageType()).accepts(typename);
	}

	void egresses(Map<EgressId, String> used) {
		used.forEach((egress, user) -> {
			if (!this.content.egresses().containsKey(egress.toString())) {
				this.findings.error(Kind.MISSING_EGRESS, FILE, "no egress '" + egress + "'",
						"it, as " + user + " sends to it and a record for it fails the job", "Add the egress");
			}
		});
	}

	void gateway(Gateway gateway) {
		boolean read = this.content.targets()
			.stream()
			.filter((target) -> target.function().equals(gateway.function()))
			.map(ModuleContent.Target::values)
			.anyMatch((values) -> values == null || values.name().equals(gateway.valueType()));
		if (!read) {
			this.findings.error(Kind.MISSING_INGRESS, FILE,
					"no ingress with the target '" + gateway.function() + "' and values of the type '"
							+ gateway.valueType() + "'",
					"it, as the requests of clients come from there",
					"Add the ingress '" + gateway.ingress() + "', or write the file with 'statefun.module.write-to'");
		}
		Functions entry = entryFor(FunctionType.parse(gateway.function()));
		if (entry != null && isLargerThan(gateway.maxNumBatchRequests(), entry.maxNumBatchRequests())) {
			this.findings.error(Kind.LARGE_BATCH, entry.place(),
					(entry.maxNumBatchRequests() != null) ? "'maxNumBatchRequests: " + entry.maxNumBatchRequests() + "'"
							: "no 'maxNumBatchRequests', which is 1000 then",
					"1 to " + gateway.maxNumBatchRequests() + " for '" + gateway.function()
							+ "', as the reply to a larger batch may exceed 'statefun.max-reply-size', and then always "
							+ "would",
					"Give '" + gateway.function() + "' an entry of its own with 'maxNumBatchRequests: "
							+ gateway.maxNumBatchRequests() + "'");
		}
	}

	// Zero and less is no limit for clusters
	private static boolean isLargerThan(int most, @Nullable String written) {
		try {
			long number = (written != null) ? Long.parseLong(written) : 1000;
			return number <= 0 || number > most;
		}
		catch (NumberFormatException ex) {
			return true;
		}
	}

	void paths(String path, @Nullable String secret) {
		String right = (secret != null) ? path + "/" + secret : path;
		Map<String, List<FunctionType>> templated = new LinkedHashMap<>();
		Set<Functions> told = new HashSet<>();
		this.entries.forEach((type, entry) -> {
			EndpointUrl url = entry.url();
			String actual = (url != null) ? url.path(type.name()) : null;
			if (url == null || actual == null) {
				return;
			}
			if (!actual.equals(right) && (url.isTemplate() || told.add(entry))) {
				if (!url.isTemplate() && mayHaveSecret(actual, path)) {
					wrongSecret(entry, path, secret);
				}
				else {
					this.findings.error(Kind.WRONG_PATH, entry.place(),
							"the path '" + actual + "'" + (url.isTemplate() ? " for '" + type + "'" : ""),
							"'" + right + "', where this application serves all its functions",
							"Correct the URL, or set 'statefun.path'");
				}
			}
			if (url.isTemplate()) {
				templated.computeIfAbsent(url.forFunction(type.name()), (key) -> new ArrayList<>()).add(type);
			}
		});
		templated.forEach((url, types) -> {
			if (types.size() > 1) {
				Functions entry = this.entries.get(types.get(0));
				this.findings.warning(Kind.SHARED_URL, (entry != null) ? entry.place() : FILE,
						types + " at the one URL '" + url + "'",
						"a URL for each, as '" + EndpointUrl.NAME + "' leaves out the namespace",
						"Make sure that one application serves all of them");
			}
		});
	}

	private static boolean mayHaveSecret(String actual, String path) {
		return actual.startsWith(path + "/") && actual.length() > path.length() + MIN_SECRET;
	}

	// The secret may belong to another application, or to this one elsewhere: do not
	// show it either
	private void wrongSecret(Functions entry, String path, @Nullable String secret) {
		this.findings.error(Kind.WRONG_PATH, entry.place(),
				"the path '" + path + "/" + ModuleSettings.MASK + "' with " + ((secret != null) ? "another" : "a")
						+ " secret",
				(secret != null) ? "that of 'statefun.security.secret'"
						: "'" + path + "', as 'statefun.security.secret' is not set here",
				"Correct the URL, or set 'statefun.security.secret'");
	}

	void ports(Ports ports) {
		Set<Functions> told = new HashSet<>();
		this.entries.values().forEach((entry) -> {
			EndpointUrl url = entry.url();
			if (url != null && url.port() == ports.other() && ports.endpoint() != ports.other() && told.add(entry)) {
				this.findings.warning(Kind.WRONG_PORT, entry.place(), "the port " + url.port(),
						"the port " + ports.endpoint()
								+ " of 'statefun.server.port', as the other one refuses clusters",
						"Correct the URL, or make sure that something passes requests on to that port");
			}
		});
	}

	void timeouts(BatchTimeLimit limit) {
		Map<String, Functions> told = new HashMap<>();
		for (Functions entry : new LinkedHashSet<>(this.entries.values())) {
			if (told.putIfAbsent(entry.place(), entry) == null) {
				timeout(entry, (entry.transport() == Transport.Type.ASYNC) ? limit.forAsyncTransport()
						: limit.forOkHttpTransport());
			}
		}
	}

	// Not that of a single attempt: a batch that is sent again joins the one that runs
	private void timeout(Functions entry, Duration limit) {
		if (limit.isZero() || entry.call().compareTo(limit) > 0) {
			return;
		}
		this.findings.warning(Kind.SHORT_TIMEOUT, entry.place(),
				"a call timeout of " + YamlDurations.write(entry.call()),
				"more than the " + YamlDurations.write(limit)
						+ " that a batch may take here, as the cluster gives up a batch that is still being handled",
				"Set a longer time there, or 'statefun.batch-timeout' or 'statefun.module.transport.call'");
	}

}
