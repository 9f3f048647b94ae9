package ai.finks.stack.cli;

import ai.finks.stack.home.FinksHome;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the stack's logs. */
@Command(name = "logs", description = "Show the stack's logs.")
final class LogsCommand implements Callable<Integer> {
  private static final long POLL_MILLIS = 250;

  @Mixin private final CommonOptions common = new CommonOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "COMPONENT",
      description =
          "stack, flink, kafka or registry; also taskmanager and s3 in the mode processes (default:"
              + " stack).")
  private String component = "stack";

  @Option(names = "--follow", description = "Go on with what is added, until interrupted.")
  private boolean follow;

  @Option(names = "--lines", paramLabel = "N", description = "The last N lines (default: 100).")
  private int lines = 100;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (lines < 1) {
      throw CommandFailure.usage("--lines must be 1 or more, was " + lines);
    }
    if (follow && common.json()) {
      throw CommandFailure.usage("--follow has no end, so it cannot be one JSON document");
    }
    Path file = file(common.home());
    Deque<String> tail = tail(file);
    if (common.json()) {
      ObjectNode document = CommonOptions.JSON.createObjectNode();
      document.put("component", component).put("file", file.toString());
      ArrayNode array = document.putArray("lines");
      tail.forEach(array::add);
      common.print(document);
      return ExitCode.DONE.code();
    }
    tail.forEach(common::print);
    if (follow) {
      follow(file, Files.size(file));
    }
    return ExitCode.DONE.code();
  }

  private Path file(FinksHome home) throws IOException {
    Path file = home.logs().resolve(component + ".log");
    if (component.matches("[a-z]+") && Files.isRegularFile(file)) {
      return file;
    }
    throw CommandFailure.usage(
        "No log of '" + component + "' in " + home.logs() + "; there are: " + known(home));
  }

  private static List<String> known(FinksHome home) throws IOException {
    if (!Files.isDirectory(home.logs())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(home.logs())) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> name.endsWith(".log"))
          .map(name -> name.substring(0, name.length() - ".log".length()))
          .sorted()
          .toList();
    }
  }

  private Deque<String> tail(Path file) throws IOException {
    Deque<String> tail = new ArrayDeque<>();
    // Logs of other programs may hold any bytes; each is a character here.
    try (Stream<String> all = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      all.forEach(
          line -> {
            if (tail.size() == lines) {
              tail.removeFirst();
            }
            tail.addLast(utf8(line));
          });
    }
    return tail;
  }

  private void follow(Path file, long from) throws IOException, InterruptedException {
    long position = from;
    while (true) {
      long size = Files.exists(file) ? Files.size(file) : 0;
      if (size < position) {
        // The file was rolled: what follows is in the new one.
        position = 0;
      }
      if (size > position) {
        position = printFrom(file, position);
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  private long printFrom(Path file, long position) throws IOException {
    try (RandomAccessFile input = new RandomAccessFile(file.toFile(), "r")) {
      input.seek(position);
      @Nullable String line;
      while ((line = input.readLine()) != null) {
        common.print(utf8(line));
      }
      return input.getFilePointer();
    }
  }

  private static String utf8(String line) {
    return new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
