package ai.finks.flink.history;

import ai.finks.flink.bronze.core.BronzeEnvelope;
import ai.finks.flink.bronze.core.ObjectFolder;
import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.table.CatalogLoader;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.raw.RawRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What Bronze keeps, as its ledger says. */
public final class BronzeOrigin implements HistoryOrigin {
  private final CatalogLoader catalogLoader;
  private final LakeCatalog catalog;
  private final String lakeRoot;
  private final AcceptedGaps acceptedGaps;

  private BronzeOrigin(CatalogLoader catalogLoader, String lakeRoot, AcceptedGaps acceptedGaps) {
    this.catalogLoader = catalogLoader;
    this.catalog = catalogLoader.open();
    this.lakeRoot = lakeRoot;
    this.acceptedGaps = acceptedGaps;
  }

  /**
   * @param lakeRoot URI or local path that the ledger's paths are below
   */
  public static BronzeOrigin open(CatalogLoader catalogLoader, String lakeRoot) {
    return open(catalogLoader, lakeRoot, AcceptedGaps.none());
  }

  /**
   * @param lakeRoot URI or local path that the ledger's paths are below
   * @param acceptedGaps offsets that are not missing, though the ledger does not have them
   */
  public static BronzeOrigin open(
      CatalogLoader catalogLoader, String lakeRoot, AcceptedGaps acceptedGaps) {
    return new BronzeOrigin(catalogLoader, lakeRoot, acceptedGaps);
  }

  @Override
  public Kind kind() {
    return Kind.BRONZE;
  }

  @Override
  public HistoryRanges held(Collection<String> topics) {
    return ledger(topics).held();
  }

  /**
   * What is held, in the order in which it must be read where one topic was several streams: the
   * next only when everything of the one before is in the tables.
   */
  public List<HistoryRanges> generations(Collection<String> topics) {
    return ledger(topics).generations();
  }

  @Override
  public HistoryRanges missing(HistoryRanges ranges) {
    return ledger(ranges.topics()).missing(ranges, acceptedGaps);
  }

  /** Reads the objects of the hours in which the time begins and ends; of others only the rows. */
  @Override
  public HistoryRanges ofIngestTime(Collection<String> topics, Instant from, Instant to) {
    TreeMap<StreamPartition, OffsetRange> found = new TreeMap<>();
    ledger(topics)
        .objects()
        .forEach(
            (partition, objects) -> {
              for (LedgerObject object : objects) {
                OffsetRange part = ofIngestTime(partition, object, from, to);
                if (!part.isEmpty()) {
                  found.merge(partition, part, BronzeOrigin::hull);
                }
              }
            });
    return HistoryRanges.of(found);
  }

  private OffsetRange ofIngestTime(
      StreamPartition partition, LedgerObject object, Instant from, Instant to) {
    Instant hour =
        Instant.ofEpochSecond(TimeUnit.HOURS.toSeconds(ObjectFolder.epochHour(object.path())));
    Instant end = hour.plus(Duration.ofHours(1));
    if (!hour.isBefore(to) || !end.isAfter(from)) {
      return OffsetRange.of(0, 0, Counts.none());
    }
    if (!hour.isBefore(from) && !end.isAfter(to)) {
      return OffsetRange.of(object.first(), object.last() + 1, Counts.none());
    }
    long first = Long.MAX_VALUE;
    long last = -1;
    try (ObjectLines lines = ObjectLines.open(lakeRoot, partition, object)) {
      for (BronzeEnvelope line = lines.head(); line != null; line = lines.head()) {
        Instant time = time(line);
        if (!time.isBefore(from) && time.isBefore(to)) {
          first = Math.min(first, line.offset());
          last = Math.max(last, line.offset());
        }
        lines.advance();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + object, e);
    }
    return last < 0
        ? OffsetRange.of(0, 0, Counts.none())
        : OffsetRange.of(first, last + 1, Counts.none());
  }

  /** A message that is no record has no ingest time but the one when it was sent. */
  private static Instant time(BronzeEnvelope line) {
    RawRecord record = line.record();
    return record == null
        ? Instant.ofEpochMilli(line.timestampMillis())
        : Instant.EPOCH.plus(record.ingestTimeMicros(), ChronoUnit.MICROS);
  }

  private static OffsetRange hull(OffsetRange one, OffsetRange other) {
    return OffsetRange.of(
        Math.min(one.start(), other.start()), Math.max(one.end(), other.end()), Counts.none());
  }

  @Override
  public BoundedHistory read(HistoryRanges ranges) {
    HistoryRanges missing = missing(ranges);
    if (!missing.isEmpty()) {
      throw HistoryGapException.missing(Kind.BRONZE, missing);
    }
    BronzeSource source = new BronzeSource(catalogLoader, lakeRoot, ranges);
    return new BoundedHistory(Kind.BRONZE, ranges, source, KeptLog.of(source.partitions()));
  }

  private BronzeLedger ledger(Collection<String> topics) {
    return BronzeLedger.read(catalog.load(LakeTables.BRONZE_FILES), topics);
  }

  @Override
  public void close() throws IOException {
    catalog.close();
  }
}
