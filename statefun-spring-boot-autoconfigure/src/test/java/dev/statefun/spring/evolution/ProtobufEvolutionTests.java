package dev.statefun.spring.evolution;

import java.util.List;

import com.google.protobuf.Message;
import dev.statefun.manifest.StateChange;
import dev.statefun.manifest.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for each kind of change of a protobuf message between releases: the verdict of
 * the manifest matches the behavior on the local runtime.
 */
class ProtobufEvolutionTests {

	@ParameterizedTest
	@CsvSource({ "AddPrimitive, READABLE, READABLE", "AddMessage, READABLE, READABLE",
			"AddRepeated, READABLE, READABLE", "AddEnum, READABLE, READABLE", "AddOneof, READABLE, READABLE",
			"AddOptional, READABLE, READABLE",
			// Unknown fields are kept
			"RemovePrimitive, READABLE, READABLE", "RemoveMessage, READABLE, READABLE",
			"RemoveRepeated, READABLE, READABLE", "RemoveEnum, READABLE, READABLE", "RemoveOneof, READABLE, READABLE",
			"RemoveOptional, READABLE, READABLE", "RenumberPrimitive, READABLE, READABLE",
			// Fields are identified by number, not by name
			"RenamePrimitive, READABLE, READABLE", "RenameMessage, READABLE, READABLE",
			"RenameRepeated, READABLE, READABLE", "RenameEnum, READABLE, READABLE", "RenameOneof, READABLE, READABLE",
			"RenameOptional, READABLE, READABLE", "RenameConstant, READABLE, READABLE",
			"ReusePrimitive, READABLE_WITH_LOSS, READABLE",
			// The order does not matter
			"ReorderPrimitive, READABLE, READABLE", "ReorderMessage, READABLE, READABLE",
			"ReorderRepeated, READABLE, READABLE", "ReorderEnum, READABLE, READABLE",
			"ReorderOneof, READABLE, READABLE", "ReorderOptional, READABLE, READABLE",
			// Another type
			"RetypePrimitive, READABLE, READABLE_WITH_LOSS", "RetypeToText, READABLE_WITH_LOSS, READABLE_WITH_LOSS",
			"RetypeToZigzag, READABLE_WITH_LOSS, READABLE_WITH_LOSS", "RetypeToBytes, READABLE, UNREADABLE",
			"RetypeMessage, READABLE_WITH_LOSS, UNREADABLE", "GrowMessage, READABLE, READABLE",
			"RetypeRepeated, READABLE, READABLE_WITH_LOSS", "SingleToRepeated, READABLE, READABLE_WITH_LOSS",
			"SingleToRepeatedNumber, READABLE, READABLE_WITH_LOSS", "RepeatedToMap, READABLE_WITH_LOSS, READABLE",
			"RetypeEnum, READABLE, READABLE", "AddConstant, READABLE, READABLE", "RemoveConstant, READABLE, READABLE",
			"GrowOneof, READABLE, READABLE", "RetypeOneof, READABLE, UNREADABLE",
			"IntoOneof, READABLE_WITH_LOSS, READABLE", "RetypeOptional, READABLE, UNREADABLE",
			"GainPresence, READABLE, READABLE_WITH_LOSS" })
	void manifestVerdictMatchesReality(String name, Verdict forward, Verdict back) {
		check(type(BeforeOfProto3.class, name), type(AfterOfProto3.class, name), forward, back);
	}

	@ParameterizedTest
	@CsvSource({ "AddRequired, UNREADABLE, READABLE", "RemoveRequired, READABLE, UNREADABLE",
			"RequiredToOptional, READABLE, UNREADABLE", "AddClosedConstant, READABLE, READABLE_WITH_LOSS",
			"AddClosedConstants, READABLE, READABLE_WITH_LOSS", "BytesToText, READABLE_WITH_LOSS, READABLE" })
	void manifestVerdictMatchesRealityForProto2(String name, Verdict forward, Verdict back) {
		check(type(BeforeOfProto2.class, name), type(AfterOfProto2.class, name), forward, back);
	}

	private static void check(Class<? extends Message> before, Class<? extends Message> after, Verdict forward,
			Verdict back) {
		ReleasePair releases = new ReleasePair(before, after,
				(builder) -> builder.protobuf(before, "evolution/value").protobuf(after, "evolution/value"));
		ProtobufValues written = new ProtobufValues(before);
		ProtobufValues read = new ProtobufValues(after);
		Verdict happenedForward = releases.happens(written.all(),
				(one, again) -> ProtobufValues.compare(written, read, one, again));
		Verdict happenedBack = releases.turned()
			.happens(read.all(), (one, again) -> ProtobufValues.compare(read, written, one, again));
		assertThat(List.of(happenedForward, happenedBack)).as("happened").containsExactly(forward, back);
		List<StateChange> changes = releases.changes();
		assertThat(List.of(JsonEvolutionTests.worst(changes, true), JsonEvolutionTests.worst(changes, false)))
			.as("verdict: %s", changes)
			.containsExactly(forward, back);
	}

	private static Class<? extends Message> type(Class<?> outer, String name) {
		for (Class<?> type : outer.getDeclaredClasses()) {
			if (type.getSimpleName().equals(name)) {
				return type.asSubclass(Message.class);
			}
		}
		throw new AssertionError("No message " + name);
	}

}
