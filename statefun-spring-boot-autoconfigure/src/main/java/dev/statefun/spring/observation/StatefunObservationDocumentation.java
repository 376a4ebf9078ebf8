package dev.statefun.spring.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * Observations of stateful functions.
 *
 * @since 0.1.0
 */
public enum StatefunObservationDocumentation implements ObservationDocumentation {

	/**
	 * A batch, from its first message to its reply.
	 */
	BATCH {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultBatchObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return BatchKeyNames.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return BatchIdentityKeyNames.values();
		}

	},

	/**
	 * A message, from the call of its handler, including retries within the batch.
	 */
	INVOCATION {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultInvocationObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return InvocationKeyNames.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return InvocationIdentityKeyNames.values();
		}

	};

	/**
	 * Low cardinality keys of batches, for meters and spans.
	 */
	public enum BatchKeyNames implements KeyName {

		/** The function type, or {@code unknown}. */
		FUNCTION {

			@Override
			public String asString() {
				return "function";
			}

		},

		/** Outcome of the batch; {@code unknown} while it runs. */
		OUTCOME {

			@Override
			public String asString() {
				return "outcome";
			}

		}

	}

	/**
	 * High cardinality keys of batches, for spans only.
	 */
	public enum BatchIdentityKeyNames implements KeyName {

		/** Id of the function instance; {@code none} if no function was called. */
		ID {

			@Override
			public String asString() {
				return "statefun.id";
			}

		},

		/** Number of messages; 0 if no function was called. */
		INVOCATIONS {

			@Override
			public String asString() {
				return "statefun.invocations";
			}

		}

	}

	/**
	 * Low cardinality keys of messages, for meters and spans.
	 */
	public enum InvocationKeyNames implements KeyName {

		/** The function type. */
		FUNCTION {

			@Override
			public String asString() {
				return "function";
			}

		},

		/** Type of the message, if a handler takes it; or {@code other}. */
		TYPE {

			@Override
			public String asString() {
				return "type";
			}

		}

	}

	/**
	 * High cardinality keys of messages, for spans only.
	 */
	public enum InvocationIdentityKeyNames implements KeyName {

		/** Id of the function instance. */
		ID {

			@Override
			public String asString() {
				return "statefun.id";
			}

		},

		/** Address of the caller; {@code none} for messages of an ingress. */
		CALLER {

			@Override
			public String asString() {
				return "statefun.caller";
			}

		}

	}

}
