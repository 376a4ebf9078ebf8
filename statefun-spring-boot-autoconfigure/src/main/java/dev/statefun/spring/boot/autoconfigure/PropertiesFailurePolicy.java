package dev.statefun.spring.boot.autoconfigure;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.sdk.failure.DeadLetter;
import dev.statefun.sdk.failure.ExceptionWrappers;
import dev.statefun.sdk.failure.FailedInvocation;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.failure.FailureKind;
import dev.statefun.sdk.failure.FailurePolicy;
import dev.statefun.sdk.failure.UnreadableStateException;
import dev.statefun.sdk.handler.BatchTimeoutException;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.OnFailure;
import dev.statefun.spring.actuate.FailurePolicyDescription;
import dev.statefun.spring.failure.DeadLetterFormat;
import dev.statefun.spring.failure.DeadLetterKind;
import dev.statefun.spring.metrics.TagValues;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Internal: may change in any release. Failure policy that follows properties and
 * annotations. All of them are read and checked at start-up, for each function.
 */
public final class PropertiesFailurePolicy implements FailurePolicy {

	private static final String ALL_FUNCTIONS = "statefun.failure";

	/** Rules of the functions that do not always retry. */
	private final Map<FunctionType, Rules> rules;

	private final InstantSource clock;

	private PropertiesFailurePolicy(Map<FunctionType, Rules> rules, InstantSource clock) {
		this.rules = Map.copyOf(rules);
		this.clock = clock;
	}

	// An unreadable state fails all messages of its instance: skipping would lose them
	// one by one
	@Override
	public FailureAction decide(FailedInvocation failed) {
		if (failed.kind() == FailureKind.UNREADABLE_STATE) {
			return FailureAction.retry();
		}
		Rules rules = this.rules.get(failed.self().type());
		return (rules != null) ? rules.decide(failed, this.clock.instant()) : FailureAction.retry();
	}

	/**
	 * Describe how failed messages of a function are handled.
	 * @param function type of the function
	 * @return the description
	 */
	public FailurePolicyDescription describe(FunctionType function) {
		Rules rules = this.rules.get(function);
		return (rules != null) ? rules.describe() : FailurePolicyDescription.RETRY;
	}

	/**
	 * Read a policy.
	 * @param properties the properties
	 * @param annotated decisions of annotations, by function
	 * @param functions the functions that are served
	 * @param classLoader class loader of the exceptions
	 * @param clock provides the times of dead letters
	 * @return the policy, or {@code null} if there is nothing to decide
	 */
	static @Nullable PropertiesFailurePolicy of(StatefunProperties properties, Map<FunctionType, OnFailure> annotated,
			StatefulFunctions functions, @Nullable ClassLoader classLoader, InstantSource clock) {
		Reader reader = new Reader(properties, annotated, classLoader);
		Map<FunctionType, Rules> rules = new HashMap<>();
		for (FunctionDescriptor function : functions.functions()) {
			Rules own = reader.read(function.type());
			if (own.policy() != OnFailure.RETRY || !own.exceptions().isEmpty()) {
				rules.put(function.type(), own);
			}
		}
		return rules.isEmpty() ? null : new PropertiesFailurePolicy(rules, clock);
	}

	/**
	 * Failure rules of one function.
	 *
	 * @param exceptions decisions by class of the exception
	 * @param policy decision for all other exceptions
	 * @param deadLetters egress for dead letters, if there can be any
	 */
	private record Rules(Map<Class<?>, OnFailure> exceptions, OnFailure policy,
			@Nullable DeadLetterEgress deadLetters) {

		private FailureAction decide(FailedInvocation failed, Instant now) {
			OnFailure decision = decisionFor(failed.cause().getClass());
			if (decision == OnFailure.DEAD_LETTER && this.deadLetters != null) {
				return this.deadLetters.action(failed, now);
			}
			return (decision == OnFailure.SKIP) ? FailureAction.skip() : FailureAction.retry();
		}

		private FailurePolicyDescription describe() {
			Map<String, String> byName = new HashMap<>();
			this.exceptions.forEach((type, decision) -> byName.put(type.getName(), TagValues.of(decision)));
			return new FailurePolicyDescription(TagValues.of(this.policy), byName,
					(this.deadLetters != null) ? this.deadLetters.id().toString() : null);
		}

		private OnFailure decisionFor(Class<?> exception) {
			for (Class<?> type = exception; type != null; type = type.getSuperclass()) {
				OnFailure decision = this.exceptions.get(type);
				if (decision != null) {
					return decision;
				}
			}
			return this.policy;
		}

	}

	/**
	 * Egress for dead letters.
	 *
	 * @param id id of the egress
	 * @param topic topic of a Kafka egress, or {@code null} for one that takes messages
	 * as they are
	 * @param format form of the dead letters
	 */
	private record DeadLetterEgress(EgressId id, @Nullable String topic, DeadLetterFormat format) {

		private FailureAction action(FailedInvocation failed, Instant now) {
			DeadLetter letter = DeadLetter.of(failed, now);
			boolean json = this.format == DeadLetterFormat.JSON;
			byte[] value = json ? letter.toJson() : letter.toProtobuf();
			if (this.topic != null) {
				return FailureAction.deadLetter(this.id,
						KafkaRecord.forTopic(this.topic).key(failed.self().id()).value(value).build());
			}
			return FailureAction.deadLetter(this.id,
					Any.newBuilder()
						.setTypeUrl(json ? DeadLetter.JSON_TYPENAME : DeadLetter.PROTOBUF_TYPENAME)
						.setValue(ByteString.copyFrom(value))
						.build());
		}

	}

	/**
	 * Reads the rules, and stops the start-up if they can't work.
	 */
	private static final class Reader {

		private final StatefunProperties properties;

		private final Map<FunctionType, OnFailure> annotated;

		private final @Nullable ClassLoader classLoader;

		private final Map<Class<?>, OnFailure> exceptionsOfAll;

		private final @Nullable EgressId egressOfAll;

		private Reader(StatefunProperties properties, Map<FunctionType, OnFailure> annotated,
				@Nullable ClassLoader classLoader) {
			this.properties = properties;
			this.annotated = annotated;
			this.classLoader = classLoader;
			this.exceptionsOfAll = exceptions(ALL_FUNCTIONS, properties.failure());
			this.egressOfAll = egress(ALL_FUNCTIONS, properties.failure());
		}

		private Rules read(FunctionType type) {
			StatefunProperties.Failure all = this.properties.failure();
			StatefunProperties.Function function = this.properties.functions().get(type.toString());
			Map<Class<?>, OnFailure> exceptions = new HashMap<>(this.exceptionsOfAll);
			OnFailure policy = null;
			EgressId egress = null;
			StatefunProperties.DeadLetter own = null;
			if (function != null) {
				String prefix = "statefun.functions.\"[" + type + "]\".failure";
				exceptions.putAll(exceptions(prefix, function.failure()));
				policy = function.failure().policy();
				egress = egress(prefix, function.failure());
				own = function.failure().deadLetter();
			}
			policy = first(policy, first(this.annotated.get(type), first(all.policy(), OnFailure.RETRY)));
			boolean hasDeadLetters = policy == OnFailure.DEAD_LETTER || exceptions.containsValue(OnFailure.DEAD_LETTER);
			return new Rules(exceptions, policy, hasDeadLetters
					? deadLetters(type, (egress != null) ? egress : this.egressOfAll, own, all.deadLetter()) : null);
		}

		private Map<Class<?>, OnFailure> exceptions(String prefix, StatefunProperties.Failure failure) {
			Map<Class<?>, OnFailure> exceptions = new HashMap<>();
			new TreeMap<>(failure.exceptions())
				.forEach((name, decision) -> exceptions.put(exception(prefix, name), decision));
			return exceptions;
		}

		private Class<?> exception(String prefix, String name) {
			String property = "'" + prefix + ".exceptions' ";
			Class<?> type;
			try {
				type = ClassUtils.forName(name, this.classLoader);
			}
			catch (ClassNotFoundException | LinkageError ex) {
				throw new FailureAnalyzedException(property + "names the class '" + name + "', which does not exist.",
						"Give the full name of an exception's class, in brackets: " + prefix
								+ ".exceptions.\"[java.lang.IllegalArgumentException]\".",
						ex);
			}
			if (!Throwable.class.isAssignableFrom(type)) {
				throw new FailureAnalyzedException(property + "names the class '" + name + "', which is no exception.",
						"Give the class of an exception, or remove it.");
			}
			if (VirtualMachineError.class.isAssignableFrom(type) || LinkageError.class.isAssignableFrom(type)
					|| InterruptedException.class.isAssignableFrom(type) || type == BatchTimeoutException.class
					|| type == UnreadableStateException.class) {
				throw new FailureAnalyzedException(property + "names '" + name
						+ "', which is not a message's fault: its batch is always sent again.", "Remove it.");
			}
			if (ExceptionWrappers.isWrapper(type)) {
				throw new FailureAnalyzedException(
						property + "names '" + name
								+ "', which only wraps another exception: rules apply to the exception inside.",
						"Name the class of the exception inside.");
			}
			return type;
		}

		private static @Nullable EgressId egress(String prefix, StatefunProperties.Failure failure) {
			String egress = failure.deadLetter().egress();
			if (!StringUtils.hasText(egress)) {
				return null;
			}
			try {
				return EgressId.parse(egress);
			}
			catch (InvalidDeclarationException ex) {
				throw new FailureAnalyzedException("'" + prefix + ".dead-letter.egress': " + ex.problem() + ".",
						ex.action() + ".", ex);
			}
		}

		private static DeadLetterEgress deadLetters(FunctionType type, @Nullable EgressId egress,
				StatefunProperties.@Nullable DeadLetter own, StatefunProperties.DeadLetter all) {
			if (egress == null) {
				throw new FailureAnalyzedException(
						"Failed messages of function '" + type
								+ "' can become dead letters, but no egress is set for them.",
						"Set '" + ALL_FUNCTIONS
								+ ".dead-letter.egress' to an egress of the cluster's module.yaml, in the "
								+ "form '<namespace>/<name>', or decide for 'retry' or 'skip'.");
			}
			DeadLetterFormat format = first((own != null) ? own.format() : null,
					first(all.format(), DeadLetterFormat.JSON));
			DeadLetterKind kind = first((own != null) ? own.kind() : null, first(all.kind(), DeadLetterKind.KAFKA));
			if (kind == DeadLetterKind.PLAIN) {
				return new DeadLetterEgress(egress, null, format);
			}
			String topic = (own != null && StringUtils.hasText(own.topic())) ? own.topic() : all.topic();
			if (!StringUtils.hasText(topic)) {
				throw new FailureAnalyzedException(
						"Dead letters of function '" + type + "' go to the Kafka egress '" + egress
								+ "', but no topic is set for them.",
						"Set '" + ALL_FUNCTIONS + ".dead-letter.topic', or '" + ALL_FUNCTIONS
								+ ".dead-letter.kind' to 'plain' if the egress takes messages as they are.");
			}
			return new DeadLetterEgress(egress, topic, format);
		}

		private static <T> T first(@Nullable T value, T fallback) {
			return (value != null) ? value : fallback;
		}

	}

}
