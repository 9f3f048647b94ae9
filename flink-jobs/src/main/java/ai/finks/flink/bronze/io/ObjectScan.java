package ai.finks.flink.bronze.io;

import ai.finks.flink.bronze.core.BronzeEnvelope;
import ai.finks.flink.bronze.core.ObjectName;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.raw.RawRecord;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** Reads from Bronze's objects themselves what a ledger would say of them. */
final class ObjectScan {
  private static final int MOST_BITS = Integer.MAX_VALUE - 1;

  private final String lakeRoot;
  private final BronzeReader reader;

  ObjectScan(String lakeRoot) {
    this.lakeRoot = lakeRoot;
    this.reader = new BronzeReader(lakeRoot);
  }

  /** The paths, below the lake's root, of all objects that are visible. */
  List<String> paths() throws IOException {
    List<String> paths = new ArrayList<>();
    Path bronze = new Path(lakeRoot, "bronze");
    FileSystem files = bronze.getFileSystem();
    if (files.exists(bronze)) {
      list(files, bronze, "bronze", paths);
    }
    return paths;
  }

  private static void list(FileSystem files, Path folder, String name, List<String> paths)
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
      } else if (ObjectName.parse(child).isPresent()) {
        paths.add(name + "/" + child);
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
    try (Digesting in = new Digesting(file.getFileSystem().open(file))) {
      long lines = reader.read(in, reading::line);
      return reading.found(path, lines, in);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("Object " + path + " is damaged: " + e.getMessage(), e);
    }
  }

  /** An object and its offsets. */
  static final class Found {
    final LedgerRow row;
    final BitSet offsets;
    final long undecodable;
    final ObjectName name;

    private Found(LedgerRow row, BitSet offsets, long undecodable, ObjectName name) {
      this.row = row;
      this.offsets = offsets;
      this.undecodable = undecodable;
      this.name = name;
    }

    /** The offsets, above the first one. */
    boolean has(long offset) {
      long at = offset - row.content().first();
      return at >= 0 && at < MOST_BITS && offsets.get((int) at);
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

    Found found(String path, long lines, Digesting in) {
      StreamPartition at = partition;
      if (at == null) {
        throw new IllegalArgumentException("it is empty");
      }
      Optional<ObjectName> name = ObjectName.parse(path.substring(path.lastIndexOf('/') + 1));
      return new Found(
          new LedgerRow(
              path, source, runId, at, new ObjectContent(first, last, lines, in.bytes, in.hex())),
          offsets,
          undecodable,
          name.orElseThrow());
    }
  }

  /** Counts and digests what is read through it. */
  private static final class Digesting extends FilterInputStream {
    private final MessageDigest digest;
    private long bytes;

    Digesting(InputStream in) {
      super(in);
      try {
        digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("Every Java platform has SHA-256", e);
      }
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("Objects are read in pieces");
    }

    @Override
    public int read(byte[] to, int at, int length) throws IOException {
      int read = super.read(to, at, length);
      if (read > 0) {
        digest.update(to, at, read);
        bytes += read;
      }
      return read;
    }

    String hex() {
      return String.format("%064x", new BigInteger(1, digest.digest()));
    }
  }
}
