package dev.statefun.spring.boot.autoconfigure;

import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * What DevTools keeps from one start of the application to the next.
 *
 * @param bytes the snapshot, if there is one
 */
record RestartedSnapshot(AtomicReference<byte @Nullable []> bytes) {

}
