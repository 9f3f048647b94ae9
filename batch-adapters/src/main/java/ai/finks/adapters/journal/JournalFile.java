package ai.finks.adapters.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A file of JSON lines that is only ever appended to. A last line without its end was being written
 * when its process died; it never happened.
 */
final class JournalFile implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  private final FileChannel channel;

  private JournalFile(FileChannel channel) {
    this.channel = channel;
  }

  /** The state that a journal's events add up to, or null when not even its plan was written. */
  static @Nullable JournalState read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return null;
    }
    byte[] bytes = Files.readAllBytes(file);
    JournalState state = null;
    int from = 0;
    for (int at = 0; at < bytes.length; at++) {
      if (bytes[at] == '\n') {
        JsonNode event = JSON.readTree(bytes, from, at - from);
        if (state == null) {
          state = JournalState.ofPlan(event);
        } else {
          state.apply(event);
        }
        from = at + 1;
      }
    }
    return state;
  }

  /** Opens a journal to append to it, without a last line that was never finished. */
  static JournalFile append(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    long end = endOfLastLine(Files.readAllBytes(file));
    channel.truncate(end);
    channel.position(end);
    return new JournalFile(channel);
  }

  private static long endOfLastLine(byte[] bytes) {
    int at = bytes.length;
    while (at > 0 && bytes[at - 1] != '\n') {
      at--;
    }
    return at;
  }

  /** Appends one event; it outlives this process, and with {@code force} the machine too. */
  void write(JsonNode event, boolean force) throws IOException {
    byte[] json = event.toString().getBytes(UTF_8);
    ByteBuffer line = ByteBuffer.wrap(Arrays.copyOf(json, json.length + 1));
    line.put(json.length, (byte) '\n');
    while (line.hasRemaining()) {
      channel.write(line);
    }
    if (force) {
      channel.force(false);
    }
  }

  /** Returns when a folder's entries would outlive the machine. */
  static void forceFolder(Path folder) throws IOException {
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
