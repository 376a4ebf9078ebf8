package dev.statefun.docs;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.spring.StatefulFunction;

@StatefulFunction("shop/profile")
class GrowingTypes {

	// Reads the former state where the new one is absent
	@Handler
	void on(Rename rename, @Persisted("profile") PersistedValue<Profile> former,
			@Persisted("profile2") PersistedValue<Profile2> profile) {
		Profile2 current = profile.get()
			.or(() -> former.get().map((value) -> new Profile2(value.name(), Optional.empty())))
			.orElse(new Profile2(rename.name(), Optional.empty()));
		profile.set(new Profile2(rename.name(), current.email()));
		former.remove();
	}

	@MessageType("shop/Rename")
	record Rename(String name) {

	}

	@MessageType("shop/Profile")
	record Profile(@JsonAlias("fullName") String name, List<String> tags, Integer visits) {

		Profile {
			tags = (tags != null) ? tags : List.of();
		}

	}

	@MessageType("shop/Profile2")
	record Profile2(String name, Optional<String> email) {

	}

	enum Level {

		SILVER, GOLD, @JsonEnumDefaultValue
		OTHER

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, defaultImpl = Unpriced.class)
	sealed interface Price permits Fixed, Unpriced {

	}

	@JsonTypeName("fixed")
	record Fixed(long cents) implements Price {

	}

	@JsonTypeName("unpriced")
	record Unpriced() implements Price {

	}

}
