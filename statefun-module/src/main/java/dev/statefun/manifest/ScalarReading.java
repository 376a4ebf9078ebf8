package dev.statefun.manifest;

import dev.statefun.sdk.schema.Form;
import dev.statefun.sdk.schema.ScalarKind;
import dev.statefun.sdk.schema.ValueSchema;
import dev.statefun.sdk.schema.ValueSchema.Enumeration;
import dev.statefun.sdk.schema.ValueSchema.Named;
import dev.statefun.sdk.schema.ValueSchema.Opaque;
import dev.statefun.sdk.schema.ValueSchema.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * Determines how Jackson reads a JSON value without parts that was written as another
 * type. {@code ScalarReadingTests} compares it with Jackson.
 */
final class ScalarReading {

	private ScalarReading() {
	}

	/**
	 * Determine whether values are read.
	 * @param reader expected schema
	 * @param writer schema of the written values
	 * @return the verdict over all values
	 */
	static Reads of(ValueSchema reader, ValueSchema writer) {
		if (reader instanceof Opaque || writer instanceof Opaque) {
			return Reads.UNKNOWN;
		}
		if (reader instanceof Named && (writer instanceof Named || writer instanceof Scalar)) {
			// Some types accept the texts of some others
			return Reads.UNKNOWN;
		}
		if (reader instanceof Scalar scalar) {
			if (writer instanceof Scalar other) {
				return of(scalar, other.kind());
			}
			if (writer instanceof Named named) {
				return of(scalar, named.writtenAs());
			}
			if (writer instanceof Enumeration) {
				return of(scalar, ScalarKind.TEXT);
			}
		}
		return Reads.not("it expects " + SchemaText.describe(reader));
	}

	private static Reads of(Scalar reader, ScalarKind writer) {
		if (reader.kind() == writer) {
			return Reads.ALL;
		}
		Form form = form(writer);
		if (form != null && reader.refused().contains(form)) {
			return Reads.not("it refuses a number or boolean of that form");
		}
		return switch (reader.kind()) {
			case TEXT -> Reads.ALL;
			case BOOLEAN ->
				(form == Form.INTEGER) ? Reads.lossy("every number but 0 is read as true") : expects(reader);
			case BYTE, SHORT, INT, LONG, BIG_INTEGER -> integer(reader, writer);
			case FLOAT -> switch (writer) {
				case BYTE, SHORT -> Reads.ALL;
				case INT, LONG, BIG_INTEGER, DOUBLE, DECIMAL -> Reads.lossy("float has about 7 digits");
				default -> expects(reader);
			};
			case DOUBLE -> switch (writer) {
				case BYTE, SHORT, INT, FLOAT -> Reads.ALL;
				case LONG, BIG_INTEGER, DECIMAL -> Reads.lossy("double has about 16 digits");
				default -> expects(reader);
			};
			case DECIMAL -> switch (writer) {
				case BYTE, SHORT, INT, LONG, BIG_INTEGER -> Reads.ALL;
				case FLOAT, DOUBLE -> Reads.not("NaN and Infinity are refused; other numbers are read");
				default -> expects(reader);
			};
			case CHARACTER, BINARY -> expects(reader);
		};
	}

	private static Reads integer(Scalar reader, ScalarKind writer) {
		return switch (writer) {
			case BYTE, SHORT, INT, LONG, BIG_INTEGER ->
				(writer.compareTo(reader.kind()) < 0) ? Reads.ALL : Reads.not("numbers beyond its range are refused");
			case FLOAT, DOUBLE -> Reads.not("1.9 is read as 1, and numbers beyond its range are refused");
			case DECIMAL -> (reader.kind() == ScalarKind.BIG_INTEGER) ? Reads.lossy("1.9 is read as 1")
					: Reads.not("1.9 is read as 1, and numbers beyond its range are refused");
			default -> expects(reader);
		};
	}

	private static @Nullable Form form(ScalarKind kind) {
		return switch (kind) {
			case BYTE, SHORT, INT, LONG, BIG_INTEGER -> Form.INTEGER;
			case FLOAT, DOUBLE, DECIMAL -> Form.FRACTION;
			case BOOLEAN -> Form.BOOLEAN;
			default -> null;
		};
	}

	private static Reads expects(Scalar reader) {
		return Reads.not("it expects " + SchemaText.describe(reader));
	}

}
