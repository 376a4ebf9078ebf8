package dev.statefun.spring.evolution;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.statefun.sdk.message.MessageType;

/**
 * Types of a state's value in different releases. The property that changes is {@code x}.
 */
final class JsonTypes {

	private static final String NAME = "evolution/value";

	/** Values of each type, including extreme ones. */
	static final Map<Class<?>, List<?>> VALUES = Map.ofEntries(Map.entry(Without.class, List.of(new Without("a"))),
			Map.entry(OfInt.class, List.of(new OfInt("a", 1), new OfInt("a", Integer.MIN_VALUE))),
			Map.entry(RenamedInt.class, List.of(new RenamedInt("a", 1))),
			Map.entry(OtherInt.class, List.of(new OtherInt("a", 1))),
			Map.entry(ReorderedInt.class, List.of(new ReorderedInt(1, "a"))),
			Map.entry(OfInteger.class, List.of(new OfInteger("a", 1), new OfInteger("a", null))),
			Map.entry(OfLong.class, List.of(new OfLong("a", 1), new OfLong("a", Long.MAX_VALUE))),
			Map.entry(OfDouble.class, List.of(new OfDouble("a", 1.9), new OfDouble("a", 1e300))),
			Map.entry(OfText.class, List.of(new OfText("a", "text"), new OfText("a", null), new OfText("a", ""))),
			Map.entry(OfItem.class,
					List.of(new OfItem("a", new Item("b", 2)), new OfItem("a", null),
							new OfItem("a", new Item(null, 0)))),
			Map.entry(RenamedItem.class, List.of(new RenamedItem("a", new Item("b", 2)))),
			Map.entry(OtherItem.class, List.of(new OtherItem("a", new Item("b", 2)))),
			Map.entry(ReorderedItem.class, List.of(new ReorderedItem(new Item("b", 2), "a"))),
			Map.entry(OfLargerItem.class, List.of(new OfLargerItem("a", new LargerItem("b", 2, List.of("c"))))),
			Map.entry(OfMap.class,
					List.of(new OfMap("a", Map.of("name", "b", "more", "c")), new OfMap("a", Map.of("count", "no")))),
			Map.entry(OfList.class,
					List.of(new OfList("a", List.of(1, 2, 2)), new OfList("a", null),
							new OfList("a", Arrays.asList(1, null)), new OfList("a", List.of()))),
			Map.entry(RenamedList.class, List.of(new RenamedList("a", List.of(1, 2)))),
			Map.entry(OtherList.class, List.of(new OtherList("a", List.of(1, 2)))),
			Map.entry(ReorderedList.class, List.of(new ReorderedList(List.of(1, 2), "a"))),
			Map.entry(OfSet.class, List.of(new OfSet("a", Set.of(1, 2)))),
			Map.entry(OfInts.class, List.of(new OfInts("a", new int[] { 1, 2 }))),
			Map.entry(OfLongs.class, List.of(new OfLongs("a", List.of(1L, Long.MAX_VALUE)))),
			Map.entry(OfColor.class, List.of(new OfColor("a", Color.RED), new OfColor("a", Color.GREEN))),
			Map.entry(RenamedColor.class, List.of(new RenamedColor("a", Color.RED))),
			Map.entry(OtherColor.class, List.of(new OtherColor("a", Color.RED))),
			Map.entry(ReorderedColor.class, List.of(new ReorderedColor(TurnedColor.RED, "a"))),
			Map.entry(OfMoreColors.class, List.of(new OfMoreColors("a", MoreColors.BLUE))),
			Map.entry(OfAliasedColors.class, List.of(new OfAliasedColors("a", AliasedColors.CRIMSON))),
			Map.entry(OfDefaultColor.class, List.of(new OfDefaultColor("a", DefaultColor.OTHER))),
			Map.entry(OfShape.class, List.of(new OfShape("a", new Circle(1)), new OfShape("a", new Square(2)))),
			Map.entry(RenamedShape.class, List.of(new RenamedShape("a", new Circle(1)))),
			Map.entry(OtherShape.class, List.of(new OtherShape("a", new Circle(1)))),
			Map.entry(ReorderedShape.class, List.of(new ReorderedShape(new Circle(1), "a"))),
			Map.entry(OfMoreShapes.class, List.of(new OfMoreShapes("a", new Triangle(1, 2, 3)))),
			Map.entry(OfDefaultShape.class,
					List.of(new OfDefaultShape("a", new DefaultCircle(1)), new OfDefaultShape("a", new OtherForm()))),
			Map.entry(OfCircle.class, List.of(new OfCircle("a", new PlainCircle(1)))),
			Map.entry(OfGrownShape.class, List.of(new OfGrownShape("a", new GrownCircle(1, "red")))),
			Map.entry(OfOptional.class,
					List.of(new OfOptional("a", Optional.of("text")), new OfOptional("a", Optional.empty()))),
			Map.entry(RenamedOptional.class, List.of(new RenamedOptional("a", Optional.of("text")))),
			Map.entry(OtherOptional.class, List.of(new OtherOptional("a", Optional.of("text")))),
			Map.entry(ReorderedOptional.class, List.of(new ReorderedOptional(Optional.of("text"), "a"))),
			Map.entry(OfOptionalInt.class, List.of(new OfOptionalInt("a", Optional.of(1)))),
			Map.entry(OfRequired.class, List.of(new OfRequired("a", "text"))));

	private JsonTypes() {
	}

	@MessageType(NAME)
	record Without(String id) {

	}

	@MessageType(NAME)
	record OfInt(String id, int x) {

	}

	@MessageType(NAME)
	record RenamedInt(String id, @JsonAlias("x") int y) {

	}

	@MessageType(NAME)
	record OtherInt(String id, int y) {

	}

	@MessageType(NAME)
	record ReorderedInt(int x, String id) {

	}

	@MessageType(NAME)
	record OfInteger(String id, Integer x) {

	}

	@MessageType(NAME)
	record OfLong(String id, long x) {

	}

	@MessageType(NAME)
	record OfDouble(String id, double x) {

	}

	@MessageType(NAME)
	record OfText(String id, String x) {

	}

	record Item(String name, int count) {

	}

	@MessageType(NAME)
	record OfItem(String id, Item x) {

	}

	@MessageType(NAME)
	record RenamedItem(String id, @JsonAlias("x") Item y) {

	}

	@MessageType(NAME)
	record OtherItem(String id, Item y) {

	}

	@MessageType(NAME)
	record ReorderedItem(Item x, String id) {

	}

	record LargerItem(String name, int count, List<String> tags) {

	}

	@MessageType(NAME)
	record OfLargerItem(String id, LargerItem x) {

	}

	@MessageType(NAME)
	record OfMap(String id, Map<String, String> x) {

	}

	@MessageType(NAME)
	record OfList(String id, List<Integer> x) {

	}

	@MessageType(NAME)
	record RenamedList(String id, @JsonAlias("x") List<Integer> y) {

	}

	@MessageType(NAME)
	record OtherList(String id, List<Integer> y) {

	}

	@MessageType(NAME)
	record ReorderedList(List<Integer> x, String id) {

	}

	@MessageType(NAME)
	record OfSet(String id, Set<Integer> x) {

	}

	@MessageType(NAME)
	record OfInts(String id, int[] x) {

	}

	@MessageType(NAME)
	record OfLongs(String id, List<Long> x) {

	}

	enum Color {

		RED, GREEN

	}

	enum TurnedColor {

		GREEN, RED

	}

	enum MoreColors {

		RED, GREEN, BLUE

	}

	enum AliasedColors {

		@JsonAlias("RED")
		CRIMSON, GREEN

	}

	enum DefaultColor {

		RED, GREEN, @JsonEnumDefaultValue
		OTHER

	}

	@MessageType(NAME)
	record OfColor(String id, Color x) {

	}

	@MessageType(NAME)
	record RenamedColor(String id, @JsonAlias("x") Color y) {

	}

	@MessageType(NAME)
	record OtherColor(String id, Color y) {

	}

	@MessageType(NAME)
	record ReorderedColor(TurnedColor x, String id) {

	}

	@MessageType(NAME)
	record OfMoreColors(String id, MoreColors x) {

	}

	@MessageType(NAME)
	record OfAliasedColors(String id, AliasedColors x) {

	}

	@MessageType(NAME)
	record OfDefaultColor(String id, DefaultColor x) {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	sealed interface Shape permits Circle, Square {

	}

	@JsonTypeName("circle")
	record Circle(double radius) implements Shape {

	}

	@JsonTypeName("square")
	record Square(int side) implements Shape {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	sealed interface MoreShapes permits Triangle, OtherSquare, OtherCircle {

	}

	@JsonTypeName("circle")
	record OtherCircle(double radius) implements MoreShapes {

	}

	@JsonTypeName("square")
	record OtherSquare(int side) implements MoreShapes {

	}

	@JsonTypeName("triangle")
	record Triangle(int a, int b, int c) implements MoreShapes {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	sealed interface GrownShape permits GrownCircle, GrownSquare {

	}

	@JsonTypeName("circle")
	record GrownCircle(double radius, String color) implements GrownShape {

	}

	@JsonTypeName("square")
	record GrownSquare(int side) implements GrownShape {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, defaultImpl = OtherForm.class)
	sealed interface DefaultShape permits DefaultCircle, OtherForm {

	}

	@JsonTypeName("circle")
	record DefaultCircle(double radius) implements DefaultShape {

	}

	@JsonTypeName("other")
	record OtherForm() implements DefaultShape {

	}

	@MessageType(NAME)
	record OfDefaultShape(String id, DefaultShape x) {

	}

	@MessageType(NAME)
	record OfShape(String id, Shape x) {

	}

	@MessageType(NAME)
	record RenamedShape(String id, @JsonAlias("x") Shape y) {

	}

	@MessageType(NAME)
	record OtherShape(String id, Shape y) {

	}

	@MessageType(NAME)
	record ReorderedShape(Shape x, String id) {

	}

	@MessageType(NAME)
	record OfMoreShapes(String id, MoreShapes x) {

	}

	record PlainCircle(double radius) {

	}

	@MessageType(NAME)
	record OfCircle(String id, PlainCircle x) {

	}

	@MessageType(NAME)
	record OfGrownShape(String id, GrownShape x) {

	}

	@MessageType(NAME)
	record OfOptional(String id, Optional<String> x) {

	}

	@MessageType(NAME)
	record RenamedOptional(String id, @JsonAlias("x") Optional<String> y) {

	}

	@MessageType(NAME)
	record OtherOptional(String id, Optional<String> y) {

	}

	@MessageType(NAME)
	record ReorderedOptional(Optional<String> x, String id) {

	}

	@MessageType(NAME)
	record OfOptionalInt(String id, Optional<Integer> x) {

	}

	@MessageType(NAME)
	record OfRequired(String id, @JsonProperty(required = true) String x) {

	}

}
