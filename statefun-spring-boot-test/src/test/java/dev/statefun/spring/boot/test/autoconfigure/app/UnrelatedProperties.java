package dev.statefun.spring.boot.test.autoconfigure.app;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Properties that no function needs.
 *
 * @param value any value
 */
@ConfigurationProperties("unrelated")
record UnrelatedProperties(String value) {

}
