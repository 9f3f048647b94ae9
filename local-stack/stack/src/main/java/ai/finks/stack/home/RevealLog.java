package ai.finks.stack.home;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/**
 * Who looked at payloads, when and at which: a line of JSON each, only ever appended, in the file
 * that queries with {@code --reveal} write to as well.
 */
public final class RevealLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RevealLog() {}

  /**
   * Writes down a trace that shows payloads, and returns when that is on disk.
   *
   * @throws IOException when it cannot be written: then nothing may be shown
   */
  public static void trace(FinksHome home, Instant at, String user, String relation, String where)
      throws IOException {
    ObjectNode entry = JSON.createObjectNode();
    entry.put("at", at.truncatedTo(ChronoUnit.MILLIS).toString()).put("user", user);
    entry.putArray("tables").add(relation);
    entry.put("trace", where);
    Path file = home.folder().resolve("audit").resolve("reveals.ndjson");
    Files.createDirectories(
        file.getParent(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Set<StandardOpenOption> append =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    try (FileChannel channel =
        FileChannel.open(
            file,
            append,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      channel.write(ByteBuffer.wrap((entry + "\n").getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
    }
  }
}
