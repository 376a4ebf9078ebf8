package dev.statefun.docs;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.spring.StatefulFunction;

@StatefulFunction("shop/search")
class Search {

	@Handler
	void found(Page<Hit> page, Context context,
			@Persisted(value = "skus", type = "shop/Skus") PersistedValue<Set<String>> skus) {
		Set<String> all = new TreeSet<>(skus.get().orElse(Set.of()));
		page.items().forEach((hit) -> all.add(hit.sku()));
		skus.set(all);
	}

	@MessageType(value = "shop/Page", aliases = "shop/ResultPage")
	record Page<T>(List<T> items) {

	}

	record Hit(String sku) {

	}

}
