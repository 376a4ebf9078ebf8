package dev.statefun.spring.boot.test.autoconfigure.app;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Properties that no function uses.
 *
 * @param value any value
 */
@ConfigurationProperties("unrelated")
record UnrelatedProperties(String value) {

}
