package dev.statefun.spring.boot.autoconfigure;

/**
 * Ends the process. Found in the bootstrap context, so that a test can stay alive.
 */
@FunctionalInterface
interface ProcessExit {

	/** All is done, and there is no error among the findings. */
	int DONE = 0;

	/** An error was found. */
	int WRONG = 1;

	/** Something could not be read or written. */
	int FAILED = 2;

	void exit(int status);

}
