package dev.statefun.spring.boot.test.autoconfigure.app;

import dev.statefun.spring.boot.test.autoconfigure.app.Order.Price;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

import org.springframework.boot.jackson.JacksonComponent;

/**
 * Custom JSON of the application.
 */
@JacksonComponent
class PriceAsText extends ValueSerializer<Price> {

	@Override
	public void serialize(Price price, JsonGenerator json, SerializationContext context) {
		json.writeString(price.cents() + " cents");
	}

}
