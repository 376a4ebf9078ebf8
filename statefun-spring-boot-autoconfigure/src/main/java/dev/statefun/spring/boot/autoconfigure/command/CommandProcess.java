package dev.statefun.spring.boot.autoconfigure.command;

import java.io.PrintStream;
import java.util.function.IntConsumer;

/**
 * Process that runs a command. No other class redirects its standard output or ends it.
 * Tests register one of their own in the bootstrap context.
 */
final class CommandProcess {

	/** Success: there is no error among the findings. */
	static final int DONE = 0;

	/** An error was found. */
	static final int WRONG = 1;

	/** Something could not be read or written. */
	static final int FAILED = 2;

	private final IntConsumer exit;

	private final PrintStream output = System.out;

	private PrintStream messages = this.output;

	CommandProcess() {
		this(System::exit);
	}

	CommandProcess(IntConsumer exit) {
		this.exit = exit;
	}

	/**
	 * Reserve standard output for a file: logging, printing and messages go to standard
	 * error.
	 */
	void reserveOutput() {
		this.messages = System.err;
		System.setOut(this.messages);
	}

	/**
	 * Write a file to standard output.
	 * @param content the file's content
	 * @return whether all of it was written
	 */
	boolean write(byte[] content) {
		this.output.write(content, 0, content.length);
		return !this.output.checkError();
	}

	/**
	 * Print a message to standard output, or to standard error if a file goes there.
	 * @param line the message
	 */
	void print(String line) {
		this.messages.println(line);
	}

	/**
	 * Print a message to standard error.
	 * @param line the message
	 */
	void printError(String line) {
		System.err.println(line);
	}

	/**
	 * End the process.
	 * @param status its exit status
	 */
	void exit(int status) {
		this.output.flush();
		this.exit.accept(status);
	}

}
