package dev.statefun.spring.boot.autoconfigure;

/**
 * Ends the process. Found in the bootstrap context, so that a test can stay alive.
 */
@FunctionalInterface
interface ProcessExit {

	void exit(int status);

}
