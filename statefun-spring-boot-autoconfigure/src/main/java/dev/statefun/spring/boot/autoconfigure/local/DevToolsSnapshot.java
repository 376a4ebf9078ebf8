package dev.statefun.spring.boot.autoconfigure.local;

import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * Snapshot that DevTools keeps across restarts of the application.
 *
 * @param bytes the snapshot, if there is one
 */
record DevToolsSnapshot(AtomicReference<byte @Nullable []> bytes) {

}
