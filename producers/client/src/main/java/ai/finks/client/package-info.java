/**
 * The library with which anyone pushes raw records: {@link ai.finks.client.RawProducer}.
 *
 * <pre>{@code
 * RawProducerConfig config =
 *     RawProducerConfig.of(
 *         Map.of(
 *             "bootstrap-servers", "localhost:9092",
 *             "registry-url", "http://localhost:8081/apis/ccompat/v7"));
 * try (RawProducer producer = RawProducer.open(config)) {
 *   producer.send(record, SendCallback.IGNORE);
 *   producer.flush();
 * }
 * }</pre>
 */
package ai.finks.client;
