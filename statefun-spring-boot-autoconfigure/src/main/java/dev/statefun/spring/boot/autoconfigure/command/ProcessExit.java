package dev.statefun.spring.boot.autoconfigure.command;

/**
 * Ends the process. Registered in the bootstrap context, so that tests can replace it.
 */
@FunctionalInterface
interface ProcessExit {

	/** Success: there is no error among the findings. */
	int DONE = 0;

	/** An error was found. */
	int WRONG = 1;

	/** Something could not be read or written. */
	int FAILED = 2;

	void exit(int status);

}
