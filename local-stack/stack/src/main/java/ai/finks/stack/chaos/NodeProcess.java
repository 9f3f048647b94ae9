package ai.finks.stack.chaos;

import ai.finks.stack.home.ProcessIdentity;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A {@link ChaosNode} seen from the run: gives orders, and kills. Not thread-safe. */
final class NodeProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long END_SECONDS = 120;

  /** Jobs are submitted in seconds; a machine may be busy. */
  private static final long ANSWER_SECONDS = 300;

  private final Process process;
  private final Writer orders;
  private final BlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();
  private final Path folder;
  private boolean ready;

  private NodeProcess(Process process, Path folder) {
    this.process = process;
    this.folder = folder;
    this.orders = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    Thread listener = new Thread(this::listen, "answers of " + process.pid());
    listener.setDaemon(true);
    listener.start();
  }

  private void listen() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answers.add(Optional.of(line));
      }
    } catch (IOException e) {
      // A process that was killed leaves half a line, or nothing.
    } finally {
      answers.add(Optional.empty());
    }
  }

  /** Starts a node and does not wait for it. */
  static NodeProcess start(Path folder, List<String> jvm) throws IOException {
    Files.createDirectories(folder);
    List<String> command = new ArrayList<>(jvm);
    // The mark by which the platform's commands know a stack stays in front.
    command.add(2, "-Djava.io.tmpdir=" + folder);
    command.add(2, "-Dfinks.logs=" + folder);
    command.add(ChaosNode.class.getName());
    command.add(folder.toString());
    return new NodeProcess(
        new ProcessBuilder(command).redirectError(folder.resolve("node.err").toFile()).start(),
        folder);
  }

  /** Where its logs are. */
  Path folder() {
    return folder;
  }

  ProcessIdentity identity() {
    return ProcessIdentity.of(process.toHandle());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Gives an order.
   *
   * @return the answer, without {@code error}
   * @throws NodeGoneException if the process is dead
   * @throws PlatformFailure if the order failed
   */
  ObjectNode obey(ObjectNode order) {
    awaitReady();
    try {
      orders.write(order + "\n");
      orders.flush();
      JsonNode answer = JSON.readTree(answerLine());
      if (answer.has(ChaosNode.ERROR)) {
        throw new PlatformFailure(
            "Node failed at " + order + ": " + answer.path(ChaosNode.ERROR).asText());
      }
      return (ObjectNode) answer;
    } catch (IOException e) {
      throw new NodeGoneException(folder, e);
    }
  }

  /** Starts an order of that name. */
  static ObjectNode order(String name) {
    return JSON.createObjectNode().put(ChaosNode.ORDER, name);
  }

  ObjectNode status() {
    return obey(order("status"));
  }

  private void awaitReady() {
    if (!ready) {
      try {
        answerLine();
        ready = true;
      } catch (IOException e) {
        throw new PlatformFailure("A node did not start; see " + folder, e);
      }
    }
  }

  private String answerLine() throws IOException {
    try {
      Optional<String> line = answers.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
      if (line == null) {
        throw new PlatformFailure(
            "A node does not answer within "
                + ANSWER_SECONDS
                + " s; what its threads do stands in "
                + threads());
      }
      return line.orElseThrow(() -> new IOException("The node's process ended"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformFailure("Interrupted", e);
    }
  }

  private Path threads() {
    Path dump = folder.resolve("threads.txt");
    try {
      new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
              Long.toString(process.pid()),
              "Thread.print")
          .redirectErrorStream(true)
          .redirectOutput(dump.toFile())
          .start()
          .waitFor(END_SECONDS, TimeUnit.SECONDS);
    } catch (IOException e) {
      // A runtime without jcmd: the failure stands without it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return dump;
  }

  /** Lets it end by itself; returns when it has. */
  void end() {
    try {
      orders.close();
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        throw new PlatformFailure("Process " + process.pid() + " does not end; see " + folder);
      }
    } catch (IOException e) {
      throw new NodeGoneException(folder, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformFailure("Interrupted", e);
    }
  }

  /** SIGKILL; returns when the process is gone. */
  void kill() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        throw new PlatformFailure("Process " + process.pid() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformFailure("Interrupted", e);
    }
  }

  @Override
  public void close() {
    kill();
  }

  /** The process that an order was for is dead. */
  static final class NodeGoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NodeGoneException(Path folder, Throwable cause) {
      super("The node of " + folder + " is gone", cause);
    }
  }
}
