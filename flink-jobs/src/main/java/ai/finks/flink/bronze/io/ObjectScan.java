package ai.finks.flink.bronze.io;

import ai.finks.flink.bronze.core.BronzeEnvelope;
import ai.finks.flink.bronze.core.ObjectLineReader;
import ai.finks.flink.bronze.core.ObjectName;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.raw.RawRecord;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** Reads from Bronze's objects themselves what a ledger would say of them. */
final class ObjectScan {
  private final String lakeRoot;

  ObjectScan(String lakeRoot) {
    this.lakeRoot = lakeRoot;
  }

  /**
   * The paths, below the lake's root, of all objects that are visible, together with those of the
   * same partition of their topic. Memory: about 150 bytes per object.
   */
  Collection<List<String>> paths() throws IOException {
    SortedMap<String, List<String>> paths = new TreeMap<>();
    Path bronze = new Path(lakeRoot, "bronze");
    FileSystem files = bronze.getFileSystem();
    if (files.exists(bronze)) {
      list(files, bronze, "bronze", paths);
    }
    return paths.values();
  }

  private static void list(
      FileSystem files, Path folder, String name, SortedMap<String, List<String>> paths)
      throws IOException {
    FileStatus[] entries = files.listStatus(folder);
    if (entries == null) {
      return;
    }
    for (FileStatus entry : entries) {
      String child = entry.getPath().getName();
      if (child.startsWith("_") || child.startsWith(".")) {
        continue;
      }
      if (entry.isDir()) {
        list(files, entry.getPath(), name + "/" + child, paths);
      } else {
        ObjectName.parse(child)
            .ifPresent(
                object ->
                    paths
                        .computeIfAbsent(object.partitionText(), text -> new ArrayList<>())
                        .add(name + "/" + child));
      }
    }
  }

  /**
   * Reads one object whole.
   *
   * @throws IllegalStateException if it is no object of Bronze, or of several partitions
   */
  Found read(String path) throws IOException {
    Path file = new Path(lakeRoot, path);
    Reading reading = new Reading();
    try (InputStream in = file.getFileSystem().open(file)) {
      return reading.found(path, BronzeReader.read(in, reading::line));
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("Object " + path + " is damaged: " + e.getMessage(), e);
    }
  }

  /** An object and its offsets. Memory: a bit per offset if it does not hold all of its stretch. */
  static final class Found {
    final LedgerRow row;
    private final @Nullable BitSet offsets;
    final long undecodable;
    final ObjectName name;

    private Found(LedgerRow row, BitSet offsets, long undecodable, ObjectName name) {
      this.row = row;
      boolean whole = row.content().records() == row.content().last() - row.content().first() + 1;
      this.offsets = whole ? null : offsets;
      this.undecodable = undecodable;
      this.name = name;
    }

    long first() {
      return row.content().first();
    }

    /** Exclusive. */
    long end() {
      return row.content().last() + 1;
    }

    boolean has(long offset) {
      long at = offset - first();
      return at >= 0 && offset < end() && (offsets == null || offsets.get((int) at));
    }

    /** The offsets in their order. */
    LongStream offsets() {
      BitSet some = offsets;
      return some == null
          ? LongStream.range(first(), end())
          : some.stream().mapToLong(at -> first() + at);
    }
  }

  private static final class Reading {
    private final BitSet offsets = new BitSet();
    private @Nullable StreamPartition partition;
    private String source = "";
    private String runId = "";
    private long first = -1;
    private long last = -1;
    private long undecodable;

    void line(BronzeEnvelope line) {
      StreamPartition at = StreamPartition.of(line.topic(), line.streamId(), line.partition());
      if (partition != null && (!partition.equals(at) || line.offset() <= last)) {
        throw new IllegalArgumentException("offset " + line.offset() + " of " + at + " is amiss");
      }
      partition = at;
      first = first < 0 ? line.offset() : first;
      last = line.offset();
      offsets.set(Math.toIntExact(last - first));
      RawRecord record = line.record();
      if (record == null) {
        undecodable++;
      } else {
        source = record.source();
        runId = record.runId();
      }
    }

    Found found(String path, ObjectLineReader read) {
      StreamPartition at = partition;
      if (at == null) {
        throw new IllegalArgumentException("it is empty");
      }
      Optional<ObjectName> name = ObjectName.parse(path.substring(path.lastIndexOf('/') + 1));
      return new Found(
          new LedgerRow(
              path,
              source,
              runId,
              at,
              new ObjectContent(first, last, read.lines(), read.bytes(), read.sha256())),
          offsets,
          undecodable,
          name.orElseThrow());
    }
  }
}
