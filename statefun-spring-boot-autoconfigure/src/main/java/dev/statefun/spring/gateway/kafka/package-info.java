/**
 * Transport of the gateway's requests and replies over Kafka.
 */
@NullMarked
package dev.statefun.spring.gateway.kafka;

import org.jspecify.annotations.NullMarked;
