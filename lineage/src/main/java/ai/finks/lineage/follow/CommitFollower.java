package ai.finks.lineage.follow;

import ai.finks.schemas.lineage.CommitFacts;
import ai.finks.schemas.lineage.LineageEvents;
import ai.finks.schemas.lineage.TableMetadataReader;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells of the commits that tables have. It remembers up to which snapshot it told, but only after
 * that was heard: whatever it forgets or whenever it ends, every commit that a table still has is
 * told at least once, and telling it twice is telling it once.
 *
 * <p>A commit whose snapshot was expired before it was told is lost to it; jobs keep those of the
 * last minutes ({@code snapshot.age}).
 */
public final class CommitFollower {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The tables of a lake. */
  public interface Tables {
    /** Where each table's current metadata lies, by the table's name. */
    Map<String, String> metadataLocations() throws IOException;

    /** The content of a metadata file. */
    byte[] read(String location) throws IOException;
  }

  /** Hears of commits. */
  public interface Listener {
    /** An event about a table; heard for sure once {@link #heard} has returned. */
    void commit(String table, byte[] event);

    /** Returns when everything told so far is safe. */
    void heard();
  }

  private final Tables tables;
  private final Listener listener;
  private final ToldCommits told;
  private final LineageEvents events = new LineageEvents();
  private final Map<String, String> seen = new HashMap<>();

  public CommitFollower(Tables tables, Listener listener, ToldCommits told) {
    this.tables = tables;
    this.listener = listener;
    this.told = told;
  }

  /**
   * Tells of everything new.
   *
   * @return how many commits it told of
   * @throws IOException if the lake cannot be read; what was told stays told
   */
  public int follow() throws IOException {
    Map<String, String> locations = new HashMap<>(tables.metadataLocations());
    locations.entrySet().removeIf(entry -> entry.getValue().equals(seen.get(entry.getKey())));
    Map<String, Long> newest = new HashMap<>();
    int count = 0;
    for (Map.Entry<String, String> entry : locations.entrySet()) {
      List<CommitFacts> commits = newCommits(entry.getKey(), entry.getValue());
      for (CommitFacts commit : commits) {
        listener.commit(entry.getKey(), events.committed(commit));
        newest.put(entry.getKey(), commit.snapshotId());
      }
      count += commits.size();
    }
    if (count > 0) {
      listener.heard();
      told.remember(newest);
    }
    seen.putAll(locations);
    return count;
  }

  private List<CommitFacts> newCommits(String table, String location) throws IOException {
    JsonNode metadata = JSON.readTree(tables.read(location));
    List<CommitFacts> commits = TableMetadataReader.commits(table, metadata);
    Long last = told.last(table);
    for (int i = commits.size() - 1; last != null && i >= 0; i--) {
      if (commits.get(i).snapshotId() == last) {
        return commits.subList(i + 1, commits.size());
      }
    }
    return commits;
  }
}
