package dev.statefun.spring.gateway;

import java.util.List;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Internal: may change in any release. Reads and writes the messages of
 * {@code gateway.proto} by their field numbers. As in each protobuf message, the last
 * value of a field counts, and unknown fields are ignored.
 */
public final class Envelope {

	private final UnknownFieldSet fields;

	private Envelope(UnknownFieldSet fields) {
		this.fields = fields;
	}

	/**
	 * Read a message.
	 * @param bytes bytes of the message
	 * @return the message
	 * @throws IllegalArgumentException if the bytes are not a protobuf message
	 */
	public static Envelope parse(ByteString bytes) {
		try {
			return new Envelope(UnknownFieldSet.parseFrom(bytes));
		}
		catch (InvalidProtocolBufferException ex) {
			throw new IllegalArgumentException("not a protobuf message: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Return a message field.
	 * @param number its number
	 * @return the message, or {@code null} if it is absent
	 * @throws IllegalArgumentException if it is not a protobuf message
	 */
	public @Nullable Envelope message(int number) {
		List<ByteString> values = this.fields.getField(number).getLengthDelimitedList();
		return values.isEmpty() ? null : parse(values.get(values.size() - 1));
	}

	/**
	 * Return all values of a repeated message field.
	 * @param number its number
	 * @return the messages
	 * @throws IllegalArgumentException if one is not a protobuf message
	 */
	public List<Envelope> messages(int number) {
		return this.fields.getField(number).getLengthDelimitedList().stream().map(Envelope::parse).toList();
	}

	/**
	 * Return a bytes field.
	 * @param number its number
	 * @return the bytes; empty if they are absent
	 */
	public ByteString bytes(int number) {
		List<ByteString> values = this.fields.getField(number).getLengthDelimitedList();
		return values.isEmpty() ? ByteString.EMPTY : values.get(values.size() - 1);
	}

	/**
	 * Return a string field.
	 * @param number its number
	 * @return the text; empty if it is absent
	 * @throws IllegalArgumentException if it is not UTF-8
	 */
	public String text(int number) {
		ByteString bytes = bytes(number);
		if (!bytes.isValidUtf8()) {
			throw new IllegalArgumentException("field " + number + " is not UTF-8");
		}
		return bytes.toStringUtf8();
	}

	/**
	 * Return a field with a number, an enum or a bool.
	 * @param number its number
	 * @return the value; zero if it is absent
	 */
	public long number(int number) {
		List<Long> values = this.fields.getField(number).getVarintList();
		return values.isEmpty() ? 0 : values.get(values.size() - 1);
	}

	/**
	 * Return a field that is an address.
	 * @param number its number
	 * @return the address, or {@code null} if it is absent
	 * @throws IllegalArgumentException if its type has no valid name
	 */
	public @Nullable Address address(int number) {
		Envelope address = message(number);
		return (address != null) ? Address.of(FunctionType.of(address.text(1), address.text(2)), address.text(3))
				: null;
	}

	/**
	 * Return a field that is a message for or from a function.
	 * @param number its number
	 * @return the value, or {@code null} if it is absent
	 * @throws IllegalArgumentException if it is not valid
	 */
	public @Nullable Any value(int number) {
		Envelope value = message(number);
		return (value != null) ? Any.newBuilder().setTypeUrl(value.text(1)).setValue(value.bytes(2)).build() : null;
	}

	/**
	 * Return a repeated field with headers.
	 * @param number its number
	 * @return the headers
	 * @throws IllegalArgumentException if they are not valid, or too many
	 */
	public Headers headers(int number) {
		List<Headers.Entry> entries = messages(number).stream()
			.map((header) -> new Headers.Entry(header.text(1), (header.number(3) != 0) ? header.bytes(2) : null))
			.toList();
		int size = 0;
		for (Headers.Entry entry : entries) {
			ByteString value = entry.value();
			size += Headers.requireKey(entry.key()).length() + ((value != null) ? value.size() : 0);
		}
		if (entries.size() > Headers.MAX_COUNT || size > Headers.MAX_SIZE) {
			throw new IllegalArgumentException(entries.size() + " headers of " + size + " bytes; expected at most "
					+ Headers.MAX_COUNT + " of " + Headers.MAX_SIZE);
		}
		return Headers.ofAll(entries);
	}

	/**
	 * Writes the fields of a message. Absent values are left out.
	 */
	public static final class Writer {

		private final UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();

		/**
		 * Create a writer of a message without fields.
		 */
		public Writer() {
		}

		/**
		 * Add bytes.
		 * @param number number of the field
		 * @param bytes the value
		 * @return this writer
		 */
		public Writer bytes(int number, ByteString bytes) {
			if (!bytes.isEmpty()) {
				delimited(number, bytes);
			}
			return this;
		}

		/**
		 * Add a text.
		 * @param number number of the field
		 * @param text the value, or {@code null} for none
		 * @return this writer
		 */
		public Writer text(int number, @Nullable String text) {
			return (text != null) ? bytes(number, ByteString.copyFromUtf8(text)) : this;
		}

		/**
		 * Add a number, an enum or a bool.
		 * @param number number of the field
		 * @param value the value
		 * @return this writer
		 */
		public Writer number(int number, long value) {
			if (value != 0) {
				this.fields.addField(number, Field.newBuilder().addVarint(value).build());
			}
			return this;
		}

		/**
		 * Add a message.
		 * @param number number of the field
		 * @param message the message
		 * @return this writer
		 */
		public Writer message(int number, Writer message) {
			delimited(number, message.toBytes());
			return this;
		}

		/**
		 * Add an address.
		 * @param number number of the field
		 * @param address the address, or {@code null} for none
		 * @return this writer
		 */
		public Writer address(int number, @Nullable Address address) {
			if (address != null) {
				message(number,
						new Writer().text(1, address.type().namespace())
							.text(2, address.type().name())
							.text(3, address.id()));
			}
			return this;
		}

		/**
		 * Add a message for or from a function.
		 * @param number number of the field
		 * @param value the message, or {@code null} for none
		 * @return this writer
		 */
		public Writer value(int number, @Nullable Any value) {
			if (value != null) {
				message(number, new Writer().bytes(1, value.getTypeUrlBytes()).bytes(2, value.getValue()));
			}
			return this;
		}

		/**
		 * Add headers.
		 * @param number number of the field
		 * @param headers the headers
		 * @return this writer
		 */
		public Writer headers(int number, Headers headers) {
			for (Headers.Entry header : headers.all()) {
				Writer field = new Writer().text(1, header.key());
				ByteString value = header.value();
				message(number, (value != null) ? field.bytes(2, value).number(3, 1) : field);
			}
			return this;
		}

		private void delimited(int number, ByteString bytes) {
			this.fields.mergeField(number, Field.newBuilder().addLengthDelimited(bytes).build());
		}

		/**
		 * Return the message.
		 * @return its bytes
		 */
		public ByteString toBytes() {
			return this.fields.build().toByteString();
		}

	}

}
