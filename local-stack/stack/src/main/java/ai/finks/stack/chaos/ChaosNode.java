package ai.finks.stack.chaos;

import ai.finks.flink.fault.FaultPoints;
import ai.finks.flink.fault.WallClock;
import ai.finks.stack.chaos.store.StoreFaults;
import ai.finks.stack.embedded.FlinkCluster;
import ai.finks.stack.home.FinksHome;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that a chaos run may kill: Flink with the live jobs. It obeys orders on stdin, one JSON
 * object per line, answers each on stdout, and ends with its stdin, so with the run.
 */
public final class ChaosNode {
  static final String ORDER = "order";
  static final String ERROR = "error";

  private static final Logger LOG = LoggerFactory.getLogger(ChaosNode.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CHECKPOINT_INTERVAL = Duration.ofMillis(250);
  private static final Duration LONGEST_END = Duration.ofMinutes(2);
  private static final int SLOTS = 4;

  private final NodeJobs jobs;

  private ChaosNode(FlinkCluster flink) {
    this.jobs = new NodeJobs(flink);
  }

  /** Runs a node; the one argument is a folder for its scratch files. */
  public static void main(String[] arguments) throws Exception {
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    // What libraries print must not look like an answer.
    System.setOut(System.err);
    FinksHome own = FinksHome.at(Path.of(arguments[0]));
    own.create();
    ChaosNode node = new ChaosNode(FlinkCluster.start(own, SLOTS, 1, CHECKPOINT_INTERVAL));
    answers.println("{}");
    BlockingQueue<Optional<String>> orders = new LinkedBlockingQueue<>();
    Thread listener = new Thread(() -> listen(orders), "orders");
    listener.setDaemon(true);
    listener.start();
    for (Optional<String> order = orders.take(); order.isPresent(); order = orders.take()) {
      answers.println(node.answer(JSON.readTree(order.get())));
    }
    // Threads of Flink would keep it; an exit also writes the class archive, where one is asked
    // for.
    System.exit(0);
  }

  /** An order may hang; the process must end with its stdin all the same. */
  private static void listen(BlockingQueue<Optional<String>> orders) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        orders.add(Optional.of(line));
      }
    } catch (IOException e) {
      LOG.warn("An unreadable input is a lost run", e);
    }
    orders.add(Optional.empty());
    LockSupport.parkNanos(LONGEST_END.toNanos());
    Runtime.getRuntime().halt(1);
  }

  private String answer(JsonNode order) {
    ObjectNode answer = JSON.createObjectNode();
    try {
      obey(order, answer);
    } catch (Exception e) {
      // Whatever an order fails with is its answer; the run decides what it means.
      LOG.warn("order failed: {}", order, e);
      answer.put(ERROR, String.valueOf(e));
    }
    return answer.toString();
  }

  private void obey(JsonNode order, ObjectNode answer) throws Exception {
    switch (order.path(ORDER).asText()) {
      case "start" -> jobs.start(order);
      case "cancel" -> jobs.cancel();
      case "status" -> jobs.describe(answer);
      case "arm" -> set(FaultPoints.PROPERTY, order.path("points").asText());
      case "clock" -> set(WallClock.PROPERTY, order.path("step_millis").asText());
      case "store" ->
          StoreFaults.plan(
              StoreFaults.Mode.valueOf(order.path("mode").asText()),
              StoreFaults.Operation.valueOf(order.path("operation").asText()),
              order.path("times").asInt());
      default -> throw new IllegalArgumentException("Not an order: " + order);
    }
    answer.put("hits", StoreFaults.hits()).put("failures", FaultPoints.failures());
  }

  private static void set(String property, String value) {
    if (value.isEmpty()) {
      System.clearProperty(property);
    } else {
      System.setProperty(property, value);
    }
  }
}
