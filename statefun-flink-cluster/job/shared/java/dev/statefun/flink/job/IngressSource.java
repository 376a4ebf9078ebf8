package dev.statefun.flink.job;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.source.RichParallelSourceFunction;

/**
 * Reads the messages that the launcher keeps. Offsets belong to checkpoints, so that each
 * message enters the job exactly once. Each subtask reads some of the partitions; with
 * another parallelism they are distributed anew.
 */
final class IngressSource extends RichParallelSourceFunction<byte[]> implements CheckpointedFunction {

	private static final long serialVersionUID = 1;

	private final Launcher launcher;

	private transient Map<Integer, Long> offsets;

	private transient ListState<Tuple2<Integer, Long>> stored;

	private volatile boolean cancelled;

	IngressSource(Launcher launcher) {
		this.launcher = launcher;
	}

	@Override
	public void initializeState(FunctionInitializationContext context) throws Exception {
		// Each subtask gets the offsets of all partitions
		this.stored = context.getOperatorStateStore()
			.getUnionListState(new ListStateDescriptor<>("offsets", Types.TUPLE(Types.INT, Types.LONG)));
		this.offsets = new HashMap<>();
		int subtasks = getRuntimeContext().getNumberOfParallelSubtasks();
		for (int partition = 0; partition < this.launcher.partitions(); partition++) {
			if (partition % subtasks == getRuntimeContext().getIndexOfThisSubtask()) {
				this.offsets.put(partition, 0L);
			}
		}
		for (Tuple2<Integer, Long> entry : this.stored.get()) {
			this.offsets.replace(entry.f0, entry.f1);
		}
	}

	@Override
	public void snapshotState(FunctionSnapshotContext context) throws Exception {
		this.stored.clear();
		for (Map.Entry<Integer, Long> entry : this.offsets.entrySet()) {
			this.stored.add(Tuple2.of(entry.getKey(), entry.getValue()));
		}
	}

	@Override
	public void run(SourceContext<byte[]> context) throws IOException, InterruptedException {
		while (!this.cancelled) {
			// Where there are more subtasks than partitions
			if (this.offsets.isEmpty()) {
				Thread.sleep(100);
				continue;
			}
			List<Launcher.IngressMessage> messages = this.launcher.read(this.offsets);
			for (Launcher.IngressMessage message : messages) {
				synchronized (context.getCheckpointLock()) {
					if (this.cancelled) {
						return;
					}
					context.collect(message.bytes());
					this.offsets.merge(message.partition(), 1L, Long::sum);
				}
			}
		}
	}

	@Override
	public void cancel() {
		this.cancelled = true;
	}

}
