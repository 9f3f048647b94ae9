package ai.finks.stack.trace;

import ai.finks.adapters.core.LineSplitter;
import ai.finks.flink.bronze.core.BronzeEnvelope;
import ai.finks.flink.bronze.core.EnvelopeDecoder;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;

/** Raw records in the objects of Bronze, which the ledger leads to. */
final class BronzeRecords {
  private static final String OFFSET = "\"offset\":";
  private static final int HEAD_BYTES = 512;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int MOST_BYTES = 256 << 20;

  private final Table ledger;
  private final String lakeRoot;
  private final EnvelopeDecoder decoder = new EnvelopeDecoder();

  /**
   * @param ledger the table of Bronze's objects
   * @param lakeRoot what the ledger's paths are below
   */
  BronzeRecords(Table ledger, String lakeRoot) {
    this.ledger = ledger;
    this.lakeRoot = lakeRoot;
  }

  /** Those of the records that are there. */
  Map<Coordinate, RawFinding> find(Collection<Coordinate> wanted) {
    Map<Coordinate, RawFinding> found = new HashMap<>();
    if (!wanted.isEmpty()) {
      objects(wanted).forEach((path, coordinates) -> read(path, coordinates, found));
    }
    return found;
  }

  private Map<String, List<Coordinate>> objects(Collection<Coordinate> wanted) {
    Map<String, List<Coordinate>> objects = new TreeMap<>();
    Expression any = Expressions.alwaysFalse();
    for (Coordinate coordinate : wanted) {
      any = Expressions.or(any, holds(coordinate));
    }
    try (CloseableIterable<Record> rows = IcebergGenerics.read(ledger).where(any).build()) {
      for (Record row : rows) {
        for (Coordinate coordinate : wanted) {
          if (holds(row, coordinate)) {
            objects
                .computeIfAbsent((String) row.getField("path"), path -> new ArrayList<>())
                .add(coordinate);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return objects;
  }

  private static Expression holds(Coordinate coordinate) {
    return Expressions.and(
        Expressions.equal("stream_id", coordinate.streamId()),
        Expressions.equal("partition", coordinate.partition()),
        Expressions.equal("run_id", coordinate.runId()),
        Expressions.lessThanOrEqual("first_offset", coordinate.offset()),
        Expressions.greaterThanOrEqual("last_offset", coordinate.offset()));
  }

  private static boolean holds(Record row, Coordinate coordinate) {
    return coordinate.streamId().equals(row.getField("stream_id"))
        && coordinate.partition() == (Integer) row.getField("partition")
        && coordinate.runId().equals(row.getField("run_id"))
        && coordinate.offset() >= (Long) row.getField("first_offset")
        && coordinate.offset() <= (Long) row.getField("last_offset");
  }

  private void read(String path, List<Coordinate> coordinates, Map<Coordinate, RawFinding> found) {
    Map<Long, Coordinate> missing = new HashMap<>();
    coordinates.forEach(coordinate -> missing.put(coordinate.offset(), coordinate));
    try (InputStream in = ledger.io().newInputFile(lakeRoot + "/" + path).newStream()) {
      LineSplitter lines = new LineSplitter(new BufferedInputStream(in, BUFFER_BYTES), MOST_BYTES);
      while (!missing.isEmpty() && lines.next()) {
        byte[] line = lines.payload();
        Long offset = offsetIn(line);
        if (offset == null || missing.containsKey(offset)) {
          BronzeEnvelope envelope = decoder.decode(line, 0, line.length);
          Coordinate coordinate = missing.remove(envelope.offset());
          if (coordinate != null) {
            found.put(coordinate, new RawFinding("bronze", path, envelope.record()));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The offset that a line begins with, null where it must be decoded to know. */
  private static @Nullable Long offsetIn(byte[] line) {
    String head = new String(line, 0, Math.min(line.length, HEAD_BYTES), StandardCharsets.UTF_8);
    int at = head.indexOf(OFFSET);
    if (at < 0) {
      return null;
    }
    int end = at + OFFSET.length();
    while (end < head.length() && Character.isDigit(head.charAt(end))) {
      end++;
    }
    String digits = head.substring(at + OFFSET.length(), end);
    return digits.isEmpty() || end == head.length() ? null : Long.valueOf(digits);
  }
}
