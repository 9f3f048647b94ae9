package ai.finks.lineage.follow;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last commit of each table that was told of, in a file. A file that is lost or damaged costs
 * nothing but telling again.
 */
public final class ToldCommits {
  private static final Logger LOG = LoggerFactory.getLogger(ToldCommits.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Map<String, Long> last = new TreeMap<>();

  public ToldCommits(Path file) {
    this.file = file;
    if (Files.exists(file)) {
      try {
        last.putAll(
            JSON.readValue(Files.readAllBytes(file), new TypeReference<Map<String, Long>>() {}));
      } catch (IOException e) {
        LOG.warn("commits are told again: file={} reason={}", file, e.getMessage());
      }
    }
  }

  @Nullable Long last(String table) {
    return last.get(table);
  }

  void remember(Map<String, Long> snapshots) throws IOException {
    last.putAll(snapshots);
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path fresh = file.resolveSibling(file.getFileName() + ".tmp");
    Files.write(fresh, JSON.writeValueAsBytes(last));
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
