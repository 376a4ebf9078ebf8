package dev.statefun.sample;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the sample.
 *
 * @param reminderDelay delay of a reminder
 */
@ConfigurationProperties("sample")
record SampleProperties(@DefaultValue("10s") Duration reminderDelay) {

}
