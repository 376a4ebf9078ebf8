package dev.statefun.local;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.statefun.local.EndedRequest.HandledMessage;

/**
 * Keeps the events of a runtime in the order of the calls.
 */
final class FlowRecorder implements MessageFlowListener {

	final List<Object> events = Collections.synchronizedList(new ArrayList<>());

	@Override
	public void accepted(AcceptedMessage message) {
		this.events.add(message);
	}

	@Override
	public void fired(FiredMessage message) {
		this.events.add(message);
	}

	@Override
	public void cancelled(CancelledMessage message) {
		this.events.add(message);
	}

	@Override
	public void started(StartedRequest request) {
		this.events.add(request);
	}

	@Override
	public void ended(EndedRequest request) {
		this.events.add(request);
	}

	<E> List<E> of(Class<E> type) {
		return this.events.stream().filter(type::isInstance).map(type::cast).toList();
	}

	List<AcceptedMessage> accepted() {
		return of(AcceptedMessage.class);
	}

	List<EndedRequest> ended() {
		return of(EndedRequest.class);
	}

	List<HandledMessage> handled() {
		List<HandledMessage> handled = new ArrayList<>();
		ended().forEach((request) -> handled.addAll(request.messages()));
		return handled;
	}

}
