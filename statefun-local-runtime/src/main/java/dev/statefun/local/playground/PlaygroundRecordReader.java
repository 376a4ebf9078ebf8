package dev.statefun.local.playground;

/**
 * Reads the JSON of a {@link PlaygroundRecord}: an object with the texts {@code topic}
 * and {@code payload}.
 * <p>
 * Implementations are thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PlaygroundRecordReader {

	/**
	 * Return a reader that requires the library {@code protobuf-java-util} when it reads.
	 * @return the reader
	 */
	static PlaygroundRecordReader protobuf() {
		return PlaygroundRecordJson::read;
	}

	/**
	 * Read a record.
	 * @param json the JSON, in UTF-8
	 * @return the record
	 * @throws Exception if the JSON is not a record
	 */
	PlaygroundRecord read(byte[] json) throws Exception;

}
