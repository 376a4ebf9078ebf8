package dev.statefun.console.view;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.statefun.console.http.JsonObject;
import dev.statefun.console.record.MessageRecord;
import dev.statefun.console.record.Recording;
import org.jspecify.annotations.Nullable;

/**
 * Draws the tree of messages that a message belongs to.
 */
final class FlowTree {

	private static final int MAX_MESSAGES = 500;

	private final Map<Long, MessageRecord> all;

	private final Map<Long, List<MessageRecord>> children = new HashMap<>();

	private final RecordWriter writer;

	FlowTree(Recording recording, RecordWriter writer) {
		this.all = recording.all();
		this.writer = writer;
		for (MessageRecord record : this.all.values()) {
			Long parent = record.origin().cause().parent();
			if (parent != null) {
				this.children.computeIfAbsent(parent, (id) -> new ArrayList<>()).add(record);
			}
		}
		this.children.values().forEach((list) -> list.sort(Comparator.comparing(MessageRecord::id)));
	}

	JsonObject of(MessageRecord focus) {
		MessageRecord root = rootOf(focus);
		Set<Long> shown = pathTo(focus);
		List<JsonObject> messages = new ArrayList<>();
		int omitted = 0;
		Deque<MessageRecord> next = new ArrayDeque<>(List.of(root));
		// The way to the message is shown in any case
		int left = MAX_MESSAGES - shown.size();
		while (!next.isEmpty()) {
			MessageRecord record = next.pop();
			boolean onPath = shown.contains(record.id());
			if (!onPath && left <= 0) {
				omitted++;
			}
			else {
				left -= onPath ? 0 : 1;
				messages.add(this.writer.message(record, (record == root) ? null : parent(record)));
			}
			List<MessageRecord> below = this.children.getOrDefault(record.id(), List.of());
			for (int i = below.size() - 1; i >= 0; i--) {
				next.push(below.get(i));
			}
		}
		return new JsonObject().with("focus", focus.id())
			.with("root", root.id())
			.with("rootCause", this.writer.cause(root.origin().cause()))
			.with("messages", messages)
			.with("omitted", omitted);
	}

	// Ids grow along the way, so it ends
	private MessageRecord rootOf(MessageRecord focus) {
		MessageRecord root = focus;
		for (MessageRecord sender = sender(root); sender != null; sender = sender(root)) {
			root = sender;
		}
		return root;
	}

	private Set<Long> pathTo(MessageRecord focus) {
		Set<Long> path = new HashSet<>();
		for (MessageRecord record = focus; record != null; record = sender(record)) {
			path.add(record.id());
		}
		return path;
	}

	private @Nullable MessageRecord sender(MessageRecord record) {
		Long parent = parent(record);
		return (parent != null && parent < record.id()) ? this.all.get(parent) : null;
	}

	private static @Nullable Long parent(MessageRecord record) {
		return record.origin().cause().parent();
	}

}
