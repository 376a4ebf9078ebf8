package dev.statefun.benchmarks.workload;

/**
 * What a function does with its messages.
 */
public enum Workload {

	/** One int state read and written, one message to an egress, one reply. */
	COUNTER {

		@Override
		public byte[] request(int messages) {
			return ClusterRequests.count("count", messages);
		}

	},

	/** Sent on as it came, without being decoded. */
	PASS_THROUGH {

		@Override
		public byte[] request(int messages) {
			return ClusterRequests.stateless("pass", messages);
		}

	},

	/** As the counter, but message, state, record and reply are JSON. */
	JSON {

		@Override
		public byte[] request(int messages) {
			return ClusterRequests.order("orders", messages);
		}

	};

	/**
	 * A request of a cluster.
	 * @param messages how many messages are in it
	 * @return the body
	 */
	public abstract byte[] request(int messages);

}
