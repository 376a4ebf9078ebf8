package dev.statefun.flink.cluster;

/**
 * Status of the job.
 *
 * @param state Flink's word for it, such as {@code RUNNING}, {@code RESTARTING} or
 * {@code FAILED}; {@code NONE} before the first one is submitted, {@code UNKNOWN} while
 * the JobManager does not answer, and {@code LOST} if it has started again without the
 * job
 * @param runningTasks number of tasks that run
 * @param tasks number of all tasks
 * @since 0.1.0
 */
public record JobStatus(String state, int runningTasks, int tasks) {

	static final JobStatus NONE = new JobStatus("NONE", 0, 0);

	static final JobStatus UNKNOWN = new JobStatus("UNKNOWN", 0, 0);

	static final JobStatus LOST = new JobStatus("LOST", 0, 0);

	/**
	 * Return whether the job runs, with all of its tasks.
	 * @return whether it handles messages
	 */
	public boolean isRunning() {
		return this.state.equals("RUNNING") && this.tasks > 0 && this.runningTasks == this.tasks;
	}

	/**
	 * Return whether the job has ended and does not start again by itself.
	 * @return whether it has failed, was canceled, has finished or was lost
	 */
	public boolean hasEnded() {
		return this.state.equals("FAILED") || this.state.equals("CANCELED") || this.state.equals("FINISHED")
				|| this.equals(LOST);
	}

}
