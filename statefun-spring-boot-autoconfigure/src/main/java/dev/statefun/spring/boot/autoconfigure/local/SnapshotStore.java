package dev.statefun.spring.boot.autoconfigure.local;

import java.io.IOException;
import java.util.function.Supplier;

import dev.statefun.local.LocalRuntime;
import dev.statefun.local.SnapshotException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * Keeps the states of a local runtime while it does not run: with DevTools across
 * restarts, and in a file if one is configured.
 */
final class SnapshotStore {

	private static final Log logger = LogFactory.getLog(SnapshotStore.class);

	private final @Nullable DevToolsSnapshot restarted;

	private final @Nullable SnapshotFile file;

	private boolean failing;

	SnapshotStore(@Nullable DevToolsSnapshot restarted, @Nullable SnapshotFile file) {
		this.restarted = restarted;
		this.file = file;
	}

	LocalRuntime restore(Supplier<LocalRuntime.Builder> runtime) {
		byte[] kept = (this.restarted != null) ? this.restarted.bytes().get() : null;
		if (kept != null) {
			return restore(runtime, kept);
		}
		SnapshotFile file = this.file;
		return (file != null) ? restore(runtime, file) : runtime.get().create();
	}

	// States from before a restart in development are not worth more than a warning
	private static LocalRuntime restore(Supplier<LocalRuntime.Builder> runtime, byte[] kept) {
		try {
			return runtime.get().restore(kept).create();
		}
		catch (SnapshotException ex) {
			logger.warn("The local runtime starts with empty states, because those from before the restart "
					+ "can't be used: " + ex.getMessage());
			return runtime.get().create();
		}
	}

	private static LocalRuntime restore(Supplier<LocalRuntime.Builder> runtime, SnapshotFile file) {
		try {
			file.requireWritable();
			byte[] stored = file.read();
			return (stored != null) ? runtime.get().restore(stored).create() : runtime.get().create();
		}
		catch (SnapshotException ex) {
			throw new FailureAnalyzedException(
					"The snapshot of the local runtime in '" + file + "' can't be used: " + ex.getMessage() + ".",
					"Delete the file to start with empty states, put an intact one in its place, "
							+ "or set 'statefun.local-runtime.snapshot' to another file.",
					ex);
		}
		catch (IOException ex) {
			throw new FailureAnalyzedException(
					"The snapshot of the local runtime can't be kept in '" + file + "': " + ex + ".",
					"Let the file and its directory be readable and writable, "
							+ "or set 'statefun.local-runtime.snapshot' to another file.",
					ex);
		}
	}

	boolean hasFile() {
		return this.file != null;
	}

	// Continues on failure, as the application does not need the file. The snapshot is
	// taken here, or an older one might be written after a newer one
	synchronized void write(LocalRuntime runtime) {
		if (this.file == null) {
			return;
		}
		try {
			this.file.write(runtime.snapshot());
			this.failing = false;
		}
		catch (IOException | RuntimeException | OutOfMemoryError ex) {
			if (!this.failing) {
				logger.error(
						"The snapshot of the local runtime can't be written to '" + this.file
								+ "'; what changes from now on would be lost with this process, until a write succeeds",
						ex);
			}
			this.failing = true;
		}
	}

	void writeLast(LocalRuntime runtime) {
		if (this.restarted != null) {
			this.restarted.bytes().set(runtime.snapshot());
		}
		write(runtime);
	}

	@Override
	public String toString() {
		return (this.file != null) ? "states are kept in " + this.file : "states are kept in memory";
	}

}
