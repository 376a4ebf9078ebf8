package dev.statefun.sample;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the sample.
 *
 * @param reminderDelay how long a reminder takes
 */
@ConfigurationProperties("sample")
record SampleProperties(@DefaultValue("10s") Duration reminderDelay) {

}
