package dev.statefun.sdk.registry;

import com.google.protobuf.Any;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.failure.MessageDecodingException;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.protocol.BytesTable;
import org.jspecify.annotations.Nullable;

/**
 * Internal: may change in any release. A message that is yet to be decoded, with the
 * context of its invocation, as the {@link FunctionInvoker} receives it.
 *
 * @since 0.1.0
 */
public interface IncomingMessage {

	/**
	 * Return the context of the invocation.
	 * @return the context
	 */
	Context context();

	/**
	 * Return the declared states, in the order of their declaration.
	 * @return the states, valid during the invocation
	 */
	PersistedValue<?>[] states();

	/**
	 * Find an entry by the name of the message's type.
	 * @param <T> type of the entries
	 * @param byTypename entries by type name
	 * @param bySuffix entries by the part of the type name after the last slash, used if
	 * there is no entry for the whole name
	 * @return the entry, or {@code null} if there is none
	 */
	<T> @Nullable T find(BytesTable<T> byTypename, BytesTable<T> bySuffix);

	/**
	 * Set the handler under which the invocation is counted.
	 * @param handler position of the handler in the function's descriptor
	 */
	void handledBy(int handler);

	/**
	 * Return the type name of the message.
	 * @return the type name, fit for a log line
	 */
	String typename();

	/**
	 * Return the message as it was sent.
	 * @return its type name and bytes
	 * @throws MessageDecodingException if the message has no value
	 */
	Any message();

	/**
	 * Decode the message.
	 * @param mapping mapping of its type
	 * @return the message
	 * @throws MessageDecodingException if its bytes are not of that type
	 */
	Object message(MessageMapping<?> mapping);

	/**
	 * Restore the interrupt flag of the current thread after code that may have changed
	 * it.
	 * @param before whether the flag was set before that code ran
	 */
	void restoreInterruption(boolean before);

}
