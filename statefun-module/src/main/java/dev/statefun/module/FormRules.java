package dev.statefun.module;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Rules in which the forms of a module.yaml differ.
 *
 * @param format the form
 * @param kafkaIngress kind of Kafka ingresses
 * @param kafkaEgress kind of Kafka egresses
 * @param kinesisIngress kind of Kinesis ingresses
 * @param kinesisEgress kind of Kinesis egresses
 * @param valueType key under which a topic or stream names the type of its values
 * @param transactionTimeouts keys for the duration of a transaction, preferred one first
 * @param quotedDurations whether durations have to be texts: with JSON pointers, clusters
 * refuse a number
 * @param typename form of function types and ids
 * @param typenameForm that form in words
 */
record FormRules(ModuleFormat format, String kafkaIngress, String kafkaEgress, String kinesisIngress,
		String kinesisEgress, String valueType, List<String> transactionTimeouts, boolean quotedDurations,
		Pattern typename, String typenameForm) {

}
