package dev.statefun.flinktests.release;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.google.protobuf.Duration;
import com.google.protobuf.Int32Value;
import com.google.protobuf.Int64Value;
import com.google.protobuf.Message;
import com.google.protobuf.SourceContext;
import com.google.protobuf.StringValue;
import com.google.protobuf.TextFormat;
import dev.statefun.sdk.ValueSpec;
import dev.statefun.sdk.message.MessageType;

/**
 * States whose types have grown from the first release to the second: JSON with a change
 * of each kind, and protobuf messages with the same fields except one.
 */
final class Grown {

	static final ValueSpec<?>[] FIRST = { ValueSpec.of("json", First.class), protobuf("retyped", Int32Value.class),
			protobuf("renamed", StringValue.class), protobuf("added", Int64Value.class),
			protobuf("removed", Duration.class) };

	static final ValueSpec<?>[] SECOND = { ValueSpec.of("json", Second.class), protobuf("retyped", Int64Value.class),
			protobuf("renamed", SourceContext.class), protobuf("added", Duration.class),
			protobuf("removed", Int64Value.class) };

	/** Values that the first release writes. */
	static final Map<Class<?>, Object> VALUES = Map.of(First.class,
			new First("kept", 1, 2, 3, new Item("item"), List.of(4, 5), Color.RED, new Circle(6)), Int32Value.class,
			Int32Value.of(-7), StringValue.class, StringValue.of("name"), Int64Value.class, Int64Value.of(8),
			Duration.class, Duration.newBuilder().setSeconds(9).setNanos(10).build());

	private Grown() {
	}

	private static ValueSpec<?> protobuf(String name, Class<? extends Message> type) {
		return ValueSpec.of(name, type).typename("release/" + name);
	}

	static Object report(Object value) {
		return (value instanceof Message message)
				? "{" + TextFormat.printer().emittingSingleLine(true).printToString(message).strip() + "}" : value;
	}

	enum Color {

		RED

	}

	record Item(String name) {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	sealed interface Shape permits Circle {

	}

	@JsonTypeName("circle")
	record Circle(double radius) implements Shape {

	}

	@MessageType("release/json")
	record First(String kept, int removed, int former, int number, Item item, List<Integer> list, Color color,
			Shape shape) {

	}

	enum MoreColors {

		GREEN, RED

	}

	record LargerItem(String name, List<String> tags) {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	sealed interface MoreShapes permits Square, OtherCircle {

	}

	@JsonTypeName("circle")
	record OtherCircle(double radius) implements MoreShapes {

	}

	@JsonTypeName("square")
	record Square(int side) implements MoreShapes {

	}

	@MessageType("release/json")
	record Second(MoreShapes shape, MoreColors color, List<Long> list, LargerItem item, long number,
			@JsonAlias("former") int renamed, String kept, int added, Optional<String> note) {

	}

}
