package ai.finks.broker;

import java.nio.file.Path;
import java.util.Map;

/** Kafka's settings for one small node: loopback only, few threads, no waiting for other nodes. */
final class BrokerSettings {
  static final int NODE_ID = 1;
  static final String CONTROLLER_LISTENER = "CONTROLLER";
  private static final String CLIENT_LISTENER = "CLIENT";
  private static final String HOST = "127.0.0.1";

  private BrokerSettings() {}

  static Map<String, String> of(Path logDirectory, int port, int controllerPort) {
    return Map.ofEntries(
        Map.entry("process.roles", "broker,controller"),
        Map.entry("node.id", Integer.toString(NODE_ID)),
        Map.entry("log.dirs", logDirectory.toString()),
        Map.entry("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + controllerPort),
        Map.entry("controller.listener.names", CONTROLLER_LISTENER),
        Map.entry("inter.broker.listener.name", CLIENT_LISTENER),
        Map.entry(
            "listener.security.protocol.map",
            CLIENT_LISTENER + ":PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT"),
        Map.entry(
            "listeners",
            CLIENT_LISTENER
                + "://"
                + HOST
                + ":"
                + port
                + ","
                + CONTROLLER_LISTENER
                + "://"
                + HOST
                + ":"
                + controllerPort),
        Map.entry("advertised.listeners", CLIENT_LISTENER + "://" + HOST + ":" + port),
        Map.entry("auto.create.topics.enable", "false"),
        Map.entry("num.network.threads", "2"),
        Map.entry("num.io.threads", "2"),
        Map.entry("background.threads", "2"),
        Map.entry("num.recovery.threads.per.data.dir", "2"),
        Map.entry("num.replica.alter.log.dirs.threads", "1"),
        Map.entry("log.cleaner.dedupe.buffer.size", "8388608"),
        Map.entry("log.segment.bytes", "268435456"),
        Map.entry("offsets.topic.num.partitions", "1"),
        Map.entry("offsets.topic.replication.factor", "1"),
        Map.entry("transaction.state.log.num.partitions", "1"),
        Map.entry("transaction.state.log.replication.factor", "1"),
        Map.entry("transaction.state.log.min.isr", "1"),
        Map.entry("group.initial.rebalance.delay.ms", "0"),
        // A taken-over home must not wait nine seconds for the session of the dead broker.
        Map.entry("broker.session.timeout.ms", "2000"),
        Map.entry("broker.heartbeat.interval.ms", "500"),
        Map.entry("initial.broker.registration.timeout.ms", "30000"),
        Map.entry("controller.quorum.election.timeout.ms", "100"),
        Map.entry("controller.quorum.fetch.timeout.ms", "500"),
        Map.entry("controlled.shutdown.max.retries", "1"),
        // One message holds a whole payload; a 10 MB one must fit with its envelope.
        Map.entry("message.max.bytes", "33554432"),
        Map.entry("replica.fetch.max.bytes", "33554432"));
  }
}
