package dev.statefun.spring.evolution;

import java.util.List;
import java.util.Map;

import dev.statefun.manifest.StateChange;
import dev.statefun.manifest.Verdict;
import dev.statefun.spring.json.JsonMessageCodecs;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for each kind of change of JSON between releases: the verdict of the manifest
 * matches the behavior on the local runtime.
 */
class JsonEvolutionTests {

	private static final Verdict YES = Verdict.READABLE;

	private static final Verdict LOSS = Verdict.READABLE_WITH_LOSS;

	private static final Verdict NO = Verdict.UNREADABLE;

	/** Configured like the application's own mapper. */
	private static final JsonMapper STRICT = new JsonMapper();

	/** Configured like the mapper for states and messages. */
	private static final JsonMapper LENIENT = JsonMapper.builder()
		.disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.build();

	static List<Row> rows() {
		return List.of(
				// An additional and a removed property
				lenient("add a primitive", JsonTypes.Without.class, JsonTypes.OfInt.class, YES, LOSS),
				strict("add a primitive", JsonTypes.Without.class, JsonTypes.OfInt.class, NO, LOSS),
				lenient("remove a primitive", JsonTypes.OfInt.class, JsonTypes.Without.class, LOSS, YES),
				strict("remove a primitive", JsonTypes.OfInt.class, JsonTypes.Without.class, LOSS, NO),
				lenient("add an object", JsonTypes.Without.class, JsonTypes.OfItem.class, YES, LOSS),
				lenient("remove an object", JsonTypes.OfItem.class, JsonTypes.Without.class, LOSS, YES),
				lenient("add a list", JsonTypes.Without.class, JsonTypes.OfList.class, YES, LOSS),
				lenient("remove a list", JsonTypes.OfList.class, JsonTypes.Without.class, LOSS, YES),
				lenient("add an enum", JsonTypes.Without.class, JsonTypes.OfColor.class, YES, LOSS),
				lenient("remove an enum", JsonTypes.OfColor.class, JsonTypes.Without.class, LOSS, YES),
				lenient("add a sealed type", JsonTypes.Without.class, JsonTypes.OfShape.class, YES, LOSS),
				lenient("remove a sealed type", JsonTypes.OfShape.class, JsonTypes.Without.class, LOSS, YES),
				lenient("add an Optional", JsonTypes.Without.class, JsonTypes.OfOptional.class, YES, LOSS),
				lenient("remove an Optional", JsonTypes.OfOptional.class, JsonTypes.Without.class, LOSS, YES),
				lenient("add a required property", JsonTypes.Without.class, JsonTypes.OfRequired.class, NO, LOSS),
				// Another name, with and without an alias for the former one
				lenient("rename a primitive", JsonTypes.OfInt.class, JsonTypes.RenamedInt.class, YES, LOSS),
				lenient("rename a primitive, no alias", JsonTypes.OfInt.class, JsonTypes.OtherInt.class, LOSS, LOSS),
				strict("rename a primitive, no alias", JsonTypes.OfInt.class, JsonTypes.OtherInt.class, NO, NO),
				lenient("rename an object", JsonTypes.OfItem.class, JsonTypes.RenamedItem.class, YES, LOSS),
				lenient("rename an object, no alias", JsonTypes.OfItem.class, JsonTypes.OtherItem.class, LOSS, LOSS),
				lenient("rename a list", JsonTypes.OfList.class, JsonTypes.RenamedList.class, YES, LOSS),
				lenient("rename a list, no alias", JsonTypes.OfList.class, JsonTypes.OtherList.class, LOSS, LOSS),
				lenient("rename an enum", JsonTypes.OfColor.class, JsonTypes.RenamedColor.class, YES, LOSS),
				lenient("rename an enum, no alias", JsonTypes.OfColor.class, JsonTypes.OtherColor.class, LOSS, LOSS),
				lenient("rename a sealed type", JsonTypes.OfShape.class, JsonTypes.RenamedShape.class, YES, LOSS),
				lenient("rename a sealed type, no alias", JsonTypes.OfShape.class, JsonTypes.OtherShape.class, LOSS,
						LOSS),
				lenient("rename an Optional", JsonTypes.OfOptional.class, JsonTypes.RenamedOptional.class, YES, LOSS),
				lenient("rename an Optional, no alias", JsonTypes.OfOptional.class, JsonTypes.OtherOptional.class, LOSS,
						LOSS),
				// Another order
				lenient("reorder a primitive", JsonTypes.OfInt.class, JsonTypes.ReorderedInt.class, YES, YES),
				lenient("reorder an object", JsonTypes.OfItem.class, JsonTypes.ReorderedItem.class, YES, YES),
				lenient("reorder a list", JsonTypes.OfList.class, JsonTypes.ReorderedList.class, YES, YES),
				lenient("reorder an enum and its constants", JsonTypes.OfColor.class, JsonTypes.ReorderedColor.class,
						YES, YES),
				lenient("reorder a sealed type", JsonTypes.OfShape.class, JsonTypes.ReorderedShape.class, YES, YES),
				lenient("reorder an Optional", JsonTypes.OfOptional.class, JsonTypes.ReorderedOptional.class, YES, YES),
				// Another type
				lenient("int becomes long", JsonTypes.OfInt.class, JsonTypes.OfLong.class, YES, NO),
				lenient("int becomes double", JsonTypes.OfInt.class, JsonTypes.OfDouble.class, YES, NO),
				lenient("double becomes int", JsonTypes.OfDouble.class, JsonTypes.OfInt.class, NO, YES),
				lenient("int becomes text", JsonTypes.OfInt.class, JsonTypes.OfText.class, YES, NO),
				lenient("int becomes Integer", JsonTypes.OfInt.class, JsonTypes.OfInteger.class, YES, LOSS),
				strict("int becomes Integer", JsonTypes.OfInt.class, JsonTypes.OfInteger.class, YES, NO),
				lenient("an object has one property more", JsonTypes.OfItem.class, JsonTypes.OfLargerItem.class, YES,
						LOSS),
				lenient("an object becomes a map", JsonTypes.OfItem.class, JsonTypes.OfMap.class, YES, NO),
				lenient("an object becomes text", JsonTypes.OfItem.class, JsonTypes.OfText.class, NO, NO),
				lenient("a list becomes a set", JsonTypes.OfList.class, JsonTypes.OfSet.class, LOSS, YES),
				lenient("the elements of a list become long", JsonTypes.OfList.class, JsonTypes.OfLongs.class, YES, NO),
				lenient("a list becomes an array of int", JsonTypes.OfList.class, JsonTypes.OfInts.class, LOSS, YES),
				strict("a list becomes an array of int", JsonTypes.OfList.class, JsonTypes.OfInts.class, NO, YES),
				lenient("a list becomes one value", JsonTypes.OfList.class, JsonTypes.OfInteger.class, NO, NO),
				lenient("an enum has one constant more", JsonTypes.OfColor.class, JsonTypes.OfMoreColors.class, YES,
						NO),
				lenient("an enum has one constant less", JsonTypes.OfMoreColors.class, JsonTypes.OfColor.class, NO,
						YES),
				lenient("a constant is renamed", JsonTypes.OfColor.class, JsonTypes.OfAliasedColors.class, YES, NO),
				new Row("a constant more, and a default for unknown ones", defaulting(), JsonTypes.OfMoreColors.class,
						JsonTypes.OfDefaultColor.class, LOSS, NO),
				lenient("an enum becomes text", JsonTypes.OfColor.class, JsonTypes.OfText.class, YES, NO),
				lenient("a sealed type has one subtype more", JsonTypes.OfShape.class, JsonTypes.OfMoreShapes.class,
						YES, NO),
				lenient("a sealed type has one subtype less", JsonTypes.OfMoreShapes.class, JsonTypes.OfShape.class, NO,
						YES),
				lenient("a sealed type has a default for unknown subtypes", JsonTypes.OfShape.class,
						JsonTypes.OfDefaultShape.class, LOSS, NO),
				lenient("a subtype has one property more", JsonTypes.OfShape.class, JsonTypes.OfGrownShape.class, YES,
						LOSS),
				lenient("an object becomes a sealed type", JsonTypes.OfCircle.class, JsonTypes.OfShape.class, NO, LOSS),
				lenient("text becomes an Optional", JsonTypes.OfText.class, JsonTypes.OfOptional.class, YES, YES),
				lenient("the value of an Optional becomes int", JsonTypes.OfOptional.class,
						JsonTypes.OfOptionalInt.class, NO, YES),
				new Row("unknown properties are refused", refusingUnknown(), JsonTypes.Without.class,
						JsonTypes.OfText.class, YES, NO),
				new Row("a fraction is not read as int", refusingFractions(), JsonTypes.OfDouble.class,
						JsonTypes.OfInt.class, NO, YES),
				new Row("constants have a naming strategy", kebab(), JsonTypes.OfColor.class,
						JsonTypes.OfMoreColors.class, YES, NO));
	}

	@ParameterizedTest
	@MethodSource("rows")
	void manifestVerdictMatchesReality(Row row) {
		boolean alias = row.name().startsWith("rename") && row.forward() == YES;
		Map<String, String> forth = alias ? Map.of("x", "y") : Map.of("RED", row.red());
		ReleasePair releases = new ReleasePair(row.before(), row.after(),
				(builder) -> builder.codecs(new JsonMessageCodecs(row.mapper())));
		Verdict forward = releases.happens(values(row.before()),
				(written, again) -> JsonLeaves.compare(written, again, forth));
		Verdict back = releases.turned()
			.happens(values(row.after()), (written, again) -> JsonLeaves.compare(written, again, Map.of()));
		assertThat(List.of(forward, back)).as("happened").containsExactly(row.forward(), row.back());
		List<StateChange> changes = releases.changes();
		assertThat(List.of(worst(changes, true), worst(changes, false))).as("verdict: %s", changes)
			.containsExactly(row.forward(), row.back());
	}

	private static List<?> values(Class<?> type) {
		return JsonTypes.VALUES.get(type);
	}

	static Verdict worst(List<StateChange> changes, boolean forward) {
		return changes.stream()
			.map((change) -> forward ? change.forward() : change.back())
			.reduce(YES, (one, other) -> (one.compareTo(other) > 0) ? one : other);
	}

	private static Row lenient(String name, Class<?> before, Class<?> after, Verdict forward, Verdict back) {
		return new Row(name, LENIENT, before, after, forward, back);
	}

	private static Row strict(String name, Class<?> before, Class<?> after, Verdict forward, Verdict back) {
		return new Row(name + ", strict primitives", STRICT, before, after, forward, back);
	}

	private static JsonMapper defaulting() {
		return JsonMapper.builder().enable(EnumFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE).build();
	}

	private static JsonMapper refusingUnknown() {
		return JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
	}

	private static JsonMapper refusingFractions() {
		return JsonMapper.builder().disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT).build();
	}

	private static JsonMapper kebab() {
		return JsonMapper.builder().enumNamingStrategy(EnumNamingStrategies.KEBAB_CASE).build();
	}

	record Row(String name, JsonMapper mapper, Class<?> before, Class<?> after, Verdict forward, Verdict back) {

		// Serialized form of red in the new release
		String red() {
			return (this.after == JsonTypes.OfAliasedColors.class) ? "CRIMSON" : "RED";
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

}
