package dev.statefun.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.statefun.manifest.StateChange.Kind;
import dev.statefun.manifest.StateManifest;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.json.JsonMessageCodecs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link StateManifestAssert}.
 */
class StateManifestAssertTests {

	private static final FunctionSpec CART = FunctionSpec.of("shop/cart");

	private final StateManifest earlier = manifest(CART.state("total", int.class));

	@Test
	void unchangedAndAddedStatesAreCompatible(@TempDir Path directory) throws IOException {
		StateManifest later = manifest(CART.state("total", int.class).state("items", String.class));
		StateManifestAssert.assertThat(this.earlier).isCompatibleWith(this.earlier);
		StateManifestAssert.assertThat(later)
			.isCompatibleWith(Files.writeString(directory.resolve("states.json"), this.earlier.toJson()))
			.changesSince(this.earlier)
			.singleElement()
			.matches((change) -> change.kind() == Kind.ADDED);
	}

	@Test
	void incompatibleStateFailsWithAnExplanation() {
		StateManifest later = manifest(CART.state("total", long.class));
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> StateManifestAssert.assertThat(later).isCompatibleWith(this.earlier))
			.withMessageContaining("Expecting compatible states and messages, but found:\n"
					+ "  TYPE_CHANGED in function 'shop/cart', state 'total': was 'io.statefun.types/int', is "
					+ "'io.statefun.types/long'. A 3.x cluster fails the job for it");
		StateManifestAssert.assertThat(later).allowing(Kind.TYPE_CHANGED).isCompatibleWith(this.earlier);
	}

	@Test
	void renamedStateFails() {
		StateManifest later = manifest(CART.state("sum", int.class));
		assertThatExceptionOfType(AssertionError.class).isThrownBy(
				() -> StateManifestAssert.assertThat(later).allowing(Kind.TYPE_CHANGED).isCompatibleWith(this.earlier))
			.withMessageContaining("RENAMED in function 'shop/cart', state 'total'");
	}

	@Test
	void changesThatTheEarlierReleaseCantReadFailOnlyOnRequest(@TempDir Path directory) throws IOException {
		StateManifest before = manifest(Mail.class);
		StateManifest after = manifest(MailWithDrafts.class);
		Path file = Files.writeString(directory.resolve("states.json"), before.toJson());
		StateManifestAssert.assertThat(after).isCompatibleWith(before);
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> StateManifestAssert.assertThat(after).isReadableBy(file))
			.withMessageContaining("Expecting states and messages that the earlier release can read, but found:\n"
					+ "  CONSTANT_ADDED in function 'shop/cart', state 'mail', at 'folder': was nothing, is 'DRAFTS'. "
					+ "Forward readable; back unreadable, as unknown ones are refused");
		StateManifestAssert.assertThat(after).allowing(Kind.CONSTANT_ADDED).isReadableBy(before);
		StateManifestAssert.assertThat(before).isReadableBy(before);
	}

	@Test
	void unreadableValuesFail() {
		StateManifest before = manifest(MailWithDrafts.class);
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> StateManifestAssert.assertThat(manifest(Mail.class)).isCompatibleWith(before))
			.withMessageContaining("CONSTANT_REMOVED in function 'shop/cart', state 'mail', at 'folder': was 'DRAFTS', "
					+ "is nothing. Forward unreadable, as unknown ones are refused");
	}

	@Test
	void missingFileFails() {
		assertThatExceptionOfType(UncheckedIOException.class)
			.isThrownBy(() -> StateManifestAssert.assertThat(this.earlier).isCompatibleWith(Path.of("none.json")))
			.withMessageContaining("none.json");
	}

	@Test
	void nullFails() {
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> StateManifestAssert.assertThat(null).isCompatibleWith(this.earlier));
	}

	private static StateManifest manifest(FunctionSpec spec) {
		return StateManifest.of(StatefulFunctions.builder().register(spec, (context, message) -> {
		}).build());
	}

	private static StateManifest manifest(Class<?> mail) {
		return StateManifest.of(StatefulFunctions.builder()
			.codecs(new JsonMessageCodecs(new JsonMapper()))
			.register(CART.state("mail", mail), (context, message) -> {
			})
			.build());
	}

	enum Folder {

		INBOX

	}

	@MessageType("shop/mail")
	record Mail(Folder folder) {

	}

	enum FolderWithDrafts {

		INBOX, DRAFTS

	}

	@MessageType("shop/mail")
	record MailWithDrafts(FolderWithDrafts folder) {

	}

}
