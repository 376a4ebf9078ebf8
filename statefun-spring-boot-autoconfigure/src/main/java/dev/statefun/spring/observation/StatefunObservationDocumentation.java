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

	},

	/**
	 * A request to a function, made outside of the cluster, from the call to the reply.
	 */
	CLIENT_REQUEST {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultClientRequestObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return ClientRequestKeyNames.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return ClientRequestIdentityKeyNames.values();
		}

	},

	/**
	 * An HTTP request to the endpoint on Netty, from its head to the end of its answer.
	 */
	ENDPOINT_REQUEST {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultEndpointRequestObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return EndpointRequestKeyNames.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return EndpointRequestPathKeyNames.values();
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

	/**
	 * Low cardinality keys of requests, for meters and spans.
	 */
	public enum ClientRequestKeyNames implements KeyName {

		/** Type of the function. */
		FUNCTION {

			@Override
			public String asString() {
				return "function";
			}

		},

		/** Whether a reply is expected: {@code request} or {@code send}. */
		KIND {

			@Override
			public String asString() {
				return "kind";
			}

		},

		/** Outcome of the request; {@code unknown} while it runs. */
		OUTCOME {

			@Override
			public String asString() {
				return "outcome";
			}

		}

	}

	/**
	 * High cardinality keys of requests, for spans only.
	 */
	public enum ClientRequestIdentityKeyNames implements KeyName {

		/** Id of the function instance. */
		ID {

			@Override
			public String asString() {
				return "statefun.id";
			}

		}

	}

	/**
	 * Low cardinality keys of HTTP requests, for meters and spans.
	 */
	public enum EndpointRequestKeyNames implements KeyName {

		/**
		 * Simple name of the exception's class; {@code none} if the request has not
		 * failed.
		 */
		EXCEPTION {

			@Override
			public String asString() {
				return "exception";
			}

		},

		/** Method of the request; {@code UNKNOWN} if it is not a usual one. */
		METHOD {

			@Override
			public String asString() {
				return "method";
			}

		},

		/**
		 * Kind of the status: {@code SUCCESS}, {@code CLIENT_ERROR} or
		 * {@code SERVER_ERROR}; {@code UNKNOWN} as long as there is none.
		 */
		OUTCOME {

			@Override
			public String asString() {
				return "outcome";
			}

		},

		/** Status of the answer; {@code UNKNOWN} as long as there is none. */
		STATUS {

			@Override
			public String asString() {
				return "status";
			}

		},

		/**
		 * Path of the endpoint; {@code NOT_FOUND} or {@code UNKNOWN} for other requests.
		 */
		URI {

			@Override
			public String asString() {
				return "uri";
			}

		}

	}

	/**
	 * High cardinality keys of HTTP requests, for spans only.
	 */
	public enum EndpointRequestPathKeyNames implements KeyName {

		/** Path of the request, without a secret. */
		URL {

			@Override
			public String asString() {
				return "http.url";
			}

		}

	}

}
