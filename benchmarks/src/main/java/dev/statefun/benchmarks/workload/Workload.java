package dev.statefun.benchmarks.workload;

/**
 * The work of a function.
 */
public enum Workload {

	/** One int state read and written, one message to an egress, one reply. */
	COUNTER {

		@Override
		public byte[] request(int messages) {
			return ClusterRequests.count("count", messages);
		}

	},

	/** Forwards each message without decoding it. */
	PASS_THROUGH {

		@Override
		public byte[] request(int messages) {
			return ClusterRequests.stateless("pass", messages);
		}

	},

	/** Like the counter, but message, state, record and reply are JSON. */
	JSON {

		@Override
		public byte[] request(int messages) {
			return ClusterRequests.order("orders", messages);
		}

	};

	/**
	 * Create a request of a cluster.
	 * @param messages number of messages
	 * @return the body
	 */
	public abstract byte[] request(int messages);

}
