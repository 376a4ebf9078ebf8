package dev.statefun.sdk.registry;

import java.net.URI;
import java.util.List;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Target;
import dev.statefun.sdk.message.GenericType;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.testing.CartMessage;
import dev.statefun.sdk.testing.CartMessage.AddItem;
import dev.statefun.sdk.testing.CartMessage.Clear;
import dev.statefun.sdk.testing.CartMessage.Removal;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply.Sent;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.User;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the checks of typed targets.
 */
class TargetsTests {

	private static final Any ADD_ITEM = Any.newBuilder()
		.setTypeUrl("shop/AddItem")
		.setValue(ByteString.copyFromUtf8("sku-1"))
		.build();

	private static final String MISSING = " is for messages of the type '" + CartMessage.class.getName()
			+ "', but function 'shop/cart' has no handler for [shop/Clear]; it takes [shop/AddItem]. Add a handler to "
			+ "class '" + AddingCart.class.getName() + "', or declare the target with a type that the function takes.";

	private static StatefulFunctions.Builder functions() {
		return StatefulFunctions.builder().codec(CartMessage.addItems()).codec(CartMessage.clears());
	}

	@Test
	void staticFieldOfAFunctionClassIsCheckedAtStartUp() {
		StatefulFunctions.Builder builder = functions().register("shop/cart", new AddingCart())
			.register("shop/checkout", new CheckOut());
		assertThatExceptionOfType(InvalidDeclarationException.class).isThrownBy(builder::build)
			.withMessage("The target of field '" + CheckOut.class.getName() + ".CART'" + MISSING);
	}

	@Test
	void staticFieldsOfSuperclassesAndInterfacesAreCheckedAtStartUp() {
		StatefulFunctions.Builder inheriting = functions().register("shop/cart", new AddingCart())
			.register("shop/checkout", new Inheriting());
		assertThatExceptionOfType(InvalidDeclarationException.class).isThrownBy(inheriting::build)
			.withMessage("The target of field '" + CheckOut.class.getName() + ".CART'" + MISSING);
		StatefulFunctions.Builder implementing = functions().register("shop/cart", new AddingCart())
			.register("shop/checkout", new Implementing());
		assertThatExceptionOfType(InvalidDeclarationException.class).isThrownBy(implementing::build)
			.withMessage("The target of field '" + Carts.class.getName() + ".CART'" + MISSING);
	}

	@Test
	void addedTargetIsCheckedAtStartUp() {
		StatefulFunctions.Builder builder = functions().register("shop/cart", new AddingCart())
			.target("bean 'carts'", Target.of("shop/cart", CartMessage.class));
		assertThatExceptionOfType(InvalidDeclarationException.class).isThrownBy(builder::build)
			.withMessage("The target of bean 'carts'" + MISSING);
	}

	@Test
	void otherTargetIsCheckedWhenAMessageIsSent() {
		Cluster cluster = new Cluster(Dialect.V3,
				functions().register("shop/cart", new AddingCart())
					.register(FunctionSpec.of(Cluster.FUNCTION),
							(context, message) -> context.send(Target.of("shop/cart", CartMessage.class).id("joe"),
									new AddItem("sku-1")))
					.build());
		for (int i = 0; i < 2; i++) {
			assertThat(cluster.mistake(Values.user("a"))).isInstanceOf(IllegalArgumentException.class)
				.hasMessage("The target" + MISSING);
		}
	}

	@Test
	void everyPermittedTypeNeedsAHandler() {
		Target<CartMessage> target = Target.of("shop/cart", CartMessage.class);
		assertAccepted(new UnionCart(), target);
		assertAccepted(new SeparateCart(), target);
		assertAccepted(new AddingCart(), Target.of("shop/cart", AddItem.class));
		assertRefused(new AddingCart(), target).withMessageContaining("has no handler for [shop/Clear]");
		assertRefused(new AddingCart(), Target.of("shop/cart", Removal.class))
			.withMessageContaining("has no handler for [shop/Clear]");
		assertRefused(new AddingCart(), Target.of("shop/cart", User.class))
			.withMessageContaining("has no handler for [type.googleapis.com/example.User]; it takes [shop/AddItem]");
	}

	@Test
	void functionThatTakesAllMessagesAcceptsEveryTarget() {
		List<Target<?>> targets = List.of(Target.of("shop/cart", CartMessage.class), Target.of("shop/cart", Any.class),
				Target.of("shop/cart", Object.class), Target.of("shop/cart", URI.class));
		targets.forEach((target) -> assertAccepted(new AnyCart(), target));
		StatefulFunctions.Builder untyped = functions().register(FunctionSpec.of("shop/cart"), (context, message) -> {
		});
		targets.forEach((target) -> untyped.target("a test", target));
		assertThatCode(untyped::build).doesNotThrowAnyException();
	}

	@Test
	void targetOfAnyNeedsAHandlerOfAllMessages() {
		assertRefused(new UnionCart(), Target.of("shop/cart", Any.class)).withMessage(
				"The target of a test is for messages of the type 'com.google.protobuf.Any', but function 'shop/cart' "
						+ "has no handler for [*]; it takes [shop/AddItem, shop/Clear]. Add a handler to class '"
						+ UnionCart.class.getName() + "', or declare the target with a type that the function takes.");
	}

	@Test
	void targetOfATypeWithoutAMappingIsRefused() {
		assertRefused(new UnionCart(), Target.of("shop/cart", URI.class)).withMessage(
				"The target of a test is for messages of the type 'java.net.URI' and function 'shop/cart', which takes "
						+ "[shop/AddItem, shop/Clear]: No mapping for type 'java.net.URI'. Mark it with "
						+ "@MessageType(\"<namespace>/<name>\"), add a MessageCodec that takes it, or use a protobuf "
						+ "message, boolean, int, long, float, double, String or google.protobuf.Any instead.");
	}

	@Test
	void primitiveTypesMatchTheirWrappers() {
		Object function = new Object() {

			@Handler
			void on(int number) {
			}

		};
		assertAccepted(function, Target.of("shop/cart", Integer.class));
		assertRefused(function, Target.of("shop/cart", Long.class))
			.withMessageContaining("has no handler for [io.statefun.types/long]");
	}

	@Test
	void protobufMessageMatchesAHandlerUnderAnotherPrefix() {
		StatefulFunctions.Builder builder = StatefulFunctions.builder()
			.protobuf(User.class, "shop/User")
			.register("shop/cart", new Object() {

				@Handler
				void on(User user) {
				}

			})
			.target("a test", Target.of("shop/cart", User.class));
		assertThatCode(builder::build).doesNotThrowAnyException();
	}

	@Test
	void targetsOfRemoteFunctionsAreNotChecked() {
		StatefulFunctions.Builder builder = functions().register("shop/checkout", new CheckOut())
			.target("bean 'remote'", Target.of("other/cart", URI.class));
		assertThat(new Cluster(Dialect.V3, builder.build()).call(checkOut()).sent())
			.containsExactly(new Sent("shop/cart/joe", ADD_ITEM));
	}

	@Test
	void targetThatPassedIsAcceptedByEveryRegistryOnItsOwnTerms() {
		StatefulFunctions accepting = functions().register("shop/cart", new UnionCart()).build();
		StatefulFunctions refusing = functions().register("shop/cart", new AddingCart()).build();
		Target<CartMessage> target = Target.of("shop/cart", CartMessage.class);
		FunctionLookup.require(accepting, target);
		assertThatIllegalArgumentException().isThrownBy(() -> FunctionLookup.require(refusing, target))
			.withMessage("The target" + MISSING);
		FunctionLookup.require(accepting, target);
	}

	@Test
	void targetsMayHaveTypeArguments() {
		Target<List<String>> target = Target.of("other/cart", new GenericType<List<String>>() {
		});
		assertThat(target.messageType()).isEqualTo(new GenericType<List<String>>() {
		}.type());
		assertThat(target).hasToString("other/cart of 'java.util.List<java.lang.String>'");
	}

	@Test
	void fieldsWithoutATargetAreLeftOut() {
		assertThatCode(() -> functions().register("shop/cart", new Unset()).build()).doesNotThrowAnyException();
	}

	@Test
	void typenameHasTwoParts() {
		assertThatIllegalArgumentException().isThrownBy(() -> Target.of("cart", CartMessage.class))
			.withMessage("Function type 'cart' is not valid. Write it in the form '<namespace>/<name>', with both "
					+ "parts non-empty.");
	}

	private static ClusterRequest checkOut() {
		return ClusterRequest.to("shop/checkout", "joe").message(Values.user("a"));
	}

	private static void assertAccepted(Object function, Target<?> target) {
		assertThatCode(() -> functions().register("shop/cart", function).target("a test", target).build())
			.doesNotThrowAnyException();
	}

	private static ThrowableAssertAlternative<InvalidDeclarationException> assertRefused(Object function,
			Target<?> target) {
		StatefulFunctions.Builder builder = functions().register("shop/cart", function).target("a test", target);
		return assertThatExceptionOfType(InvalidDeclarationException.class).isThrownBy(builder::build);
	}

	static class AddingCart {

		@Handler
		void add(AddItem item) {
		}

	}

	static class UnionCart {

		@Handler
		void on(CartMessage message) {
		}

	}

	static class SeparateCart {

		@Handler
		void add(AddItem item) {
		}

		@Handler
		void remove(Removal removal) {
		}

	}

	static class AnyCart {

		@Handler
		void add(AddItem item) {
		}

		@Handler
		void other(Any message) {
		}

	}

	static class CheckOut {

		private static final Target<CartMessage> CART = Target.of("shop/cart", CartMessage.class);

		@Handler
		void on(User user, Context context) {
			context.send(CART.id(context.self().id()), new AddItem("sku-1"));
		}

	}

	static class Inheriting extends CheckOut {

	}

	interface Carts {

		Target<CartMessage> CART = Target.of("shop/cart", CartMessage.class);

		default Target<CartMessage> cart() {
			return CART;
		}

	}

	static class Implementing implements Carts {

		@Handler
		void on(Clear clear) {
		}

	}

	static class Unset {

		static @Nullable Target<CartMessage> unset;

		final Target<URI> notStatic = Target.of("shop/cart", URI.class);

		@Handler
		void on(AddItem item) {
		}

	}

}
