package dev.statefun.sdk.registry;

import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.Any;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.ValueSpec;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.FunctionDescriptor.HandlerDescriptor;
import dev.statefun.sdk.registry.FunctionDescriptor.StateDescriptor;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply.StateChange;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.Admin;
import dev.statefun.testwire.example.User;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HandlerMethods} and for the choice of the handler of a message.
 */
class HandlerMethodsTests {

	@Test
	void handlerIsChosenByTheTypeOfTheMessage() {
		assertThat(AnnotatedFunctions.repliesOf(new Union(), Values.user("a"),
				Values.of(Admin.newBuilder().setName("b").build()), Values.count(1)))
			.containsExactly(AnnotatedFunctions.reply(Values.text("user a")),
					AnnotatedFunctions.reply(Values.text("admin b")),
					AnnotatedFunctions.reply(Values.text("other type.googleapis.com/example.Count")));
	}

	@Test
	void handlersAreDescribedWithTheirTypes() {
		assertThat(AnnotatedFunctions.describe(new Union()).handlers()).containsExactlyInAnyOrder(
				new HandlerDescriptor("type.googleapis.com/example.User", User.class, "Union.user(User)",
						List.of(String.class)),
				new HandlerDescriptor("type.googleapis.com/example.Admin", Admin.class, "Union.admin(Admin)",
						List.of(String.class)),
				new HandlerDescriptor("*", Any.class, "Union.other(Any)", List.of(String.class)));
	}

	@Test
	void privateHandlersAreCalled() {
		assertThat(AnnotatedFunctions.repliesOf(new Object() {

			@Handler
			private String on(User user) {
				return "private";
			}

		}, Values.user("a"))).containsExactly(AnnotatedFunctions.reply(Values.text("private")));
	}

	@Test
	void inheritedHandlersAreCalled() {
		assertThat(AnnotatedFunctions.repliesOf(new Inheriting(), Values.user("a")))
			.containsExactly(AnnotatedFunctions.reply(Values.text("parent a")));
	}

	@Test
	void overridingMethodIsCalledWhetherAnnotatedOrNot() {
		assertThat(AnnotatedFunctions.repliesOf(new Overriding(), Values.user("a")))
			.containsExactly(AnnotatedFunctions.reply(Values.text("child a")));
		assertThat(AnnotatedFunctions.repliesOf(new OverridingAnew(), Values.user("a")))
			.containsExactly(AnnotatedFunctions.reply(Values.text("child anew a")));
	}

	@Test
	void privateHandlerIsNotOverriddenByAMethodOfTheSameSignature() {
		assertThat(AnnotatedFunctions.repliesOf(new ChildWithTheSameSignature(), Values.user("a")))
			.containsExactly(AnnotatedFunctions.reply(Values.text("private parent a")));
	}

	@Test
	void handlersOfInterfacesAreCalled() {
		assertThat(AnnotatedFunctions.repliesOf(new WithDefaultMethod(), Values.user("a")))
			.containsExactly(AnnotatedFunctions.reply(Values.text("default a")));
		assertThat(AnnotatedFunctions.repliesOf(new OverridingDefaultMethod(), Values.user("a")))
			.containsExactly(AnnotatedFunctions.reply(Values.text("overridden a")));
	}

	@Test
	void handlersOfRecordsAndEnumsAreCalled() {
		assertThat(AnnotatedFunctions.repliesOf(new RecordFunction("Hi "), Values.user("a")))
			.containsExactly(AnnotatedFunctions.reply(Values.text("Hi a")));
		assertThat(AnnotatedFunctions.repliesOf(EnumFunction.INSTANCE, Values.user("a")))
			.containsExactly(AnnotatedFunctions.reply(Values.text("enum a")));
	}

	@Test
	void overriddenGenericHandlerIsFoundOnce() {
		assertThat(AnnotatedFunctions.repliesOf(new GenericChild(), Values.user("a")))
			.containsExactly(AnnotatedFunctions.reply(Values.text("generic a")));
	}

	@Test
	void objectMayBeSuppliedForEveryMessage() {
		List<Union> made = new ArrayList<>();
		StatefulFunctions functions = StatefulFunctions.builder()
			.register(FunctionType.parse(Cluster.FUNCTION), FunctionSource.of(Union.class, () -> {
				made.add(new Union());
				return made.get(made.size() - 1);
			}))
			.build();
		new Cluster(Dialect.V3, functions).call(Cluster.request()
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("a"))
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("b")));
		assertThat(made).hasSize(2);
	}

	@Test
	void functionHandlerMayBeRegisteredAsAnObject() {
		FunctionHandler function = new FunctionHandler() {

			@Override
			public void handle(Context context, Any message) {
				context.state("count", Integer.class).set(1);
			}

			@Override
			public List<ValueSpec<?>> states() {
				return List.of(ValueSpec.of("count", Integer.class));
			}

		};
		assertThat(Cluster.of(Dialect.V3, (Object) function)
			.call(Cluster.request(Values.user("a")).absentState("count"))
			.stateChanges()).containsExactly(new StateChange("count", Values.integer(1)));
	}

	@Test
	void statesOfAFunctionHandlerAreAddedToThoseOfItsSpec() {
		FunctionHandler function = new FunctionHandler() {

			@Override
			public void handle(Context context, Any message) {
			}

			@Override
			public List<ValueSpec<?>> states() {
				return List.of(ValueSpec.of("b", Integer.class), ValueSpec.of("c", Integer.class));
			}

		};
		FunctionSpec spec = FunctionSpec.of(Cluster.FUNCTION).state("a", Integer.class).state("b", Integer.class);
		assertThat(StatefulFunctions.builder().register(spec, function).build().functions().get(0).states())
			.extracting(StateDescriptor::name)
			.containsExactly("a", "b", "c");
	}

	static class Union {

		@Handler
		String user(User user) {
			return "user " + user.getName();
		}

		@Handler
		String admin(Admin admin) {
			return "admin " + admin.getName();
		}

		@Handler
		String other(Any message) {
			return "other " + message.getTypeUrl();
		}

	}

	static class Parent {

		@Handler
		String on(User user) {
			return "parent " + user.getName();
		}

	}

	static class Inheriting extends Parent {

	}

	static class PrivateParent {

		@Handler
		private String on(User user) {
			return "private parent " + user.getName();
		}

	}

	static class ChildWithTheSameSignature extends PrivateParent {

		String on(User user) {
			return "child " + user.getName();
		}

	}

	static class Overriding extends Parent {

		@Override
		String on(User user) {
			return "child " + user.getName();
		}

	}

	static class OverridingAnew extends Parent {

		@Override
		@Handler
		String on(User user) {
			return "child anew " + user.getName();
		}

	}

	/**
	 * An interface whose default method is a handler.
	 */
	interface Greeting {

		@Handler
		default String on(User user) {
			return "default " + user.getName();
		}

	}

	static class WithDefaultMethod implements Greeting {

	}

	static class OverridingDefaultMethod implements Greeting {

		@Override
		public String on(User user) {
			return "overridden " + user.getName();
		}

	}

	/**
	 * A handler whose subclasses determine the message type.
	 *
	 * @param <M> type of the message
	 */
	abstract static class GenericParent<M> {

		@Handler
		abstract String on(M message);

	}

	static class GenericChild extends GenericParent<User> {

		@Override
		@Handler
		String on(User user) {
			return "generic " + user.getName();
		}

	}

	/**
	 * A record that is a function.
	 *
	 * @param greeting the greeting
	 */
	record RecordFunction(String greeting) {

		@Handler
		String on(User user) {
			return this.greeting + user.getName();
		}

	}

	enum EnumFunction {

		INSTANCE;

		@Handler
		String on(User user) {
			return "enum " + user.getName();
		}

	}

}
