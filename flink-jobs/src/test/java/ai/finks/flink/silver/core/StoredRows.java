package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.DedupeWindow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What the silver and marks tables hold of one partition, and the version rule read from it. */
final class StoredRows {
  private static final long TICK_MICROS = 60_000_000L;
  private static final long TICKS = 64;

  private final DedupeWindow window;
  private final List<Arrived> rows = new ArrayList<>();
  private long clock = Long.MIN_VALUE;
  private long offset;

  StoredRows(DedupeWindow window) {
    this.window = window;
  }

  /** The verdict by the rule's own words: the newest of all rows that are remembered decides. */
  VersionRule judge(HistoryRow row) {
    HistoryRow known =
        rows.stream()
            .filter(stored -> isRemembered(stored) && stored.row.key == row.key)
            .map(stored -> stored.row)
            .max(HistoryRow.ORDER)
            .orElse(null);
    if (known == null) {
      return VersionRule.KEEP;
    }
    boolean newer = HistoryRow.ORDER.compare(row, known) > 0;
    if (known.content == row.content) {
      return newer ? VersionRule.EXACT_AND_NEWER : VersionRule.EXACT;
    }
    return newer ? VersionRule.KEEP : VersionRule.SUPERSEDED;
  }

  private boolean isRemembered(Arrived stored) {
    return window.isAll()
        || Math.floorDiv(stored.clock, TICK_MICROS) >= Math.floorDiv(clock, TICK_MICROS) - TICKS;
  }

  void take(HistoryRow row, VersionRule verdict) {
    offset++;
    if (verdict == VersionRule.KEEP) {
      clock = Math.max(clock, row.ingestTimeMicros);
    }
    if (verdict == VersionRule.KEEP || verdict == VersionRule.EXACT_AND_NEWER) {
      rows.add(new Arrived(row, verdict.isKept(), offset, clock));
    }
  }

  List<HistoryRow> silver() {
    List<HistoryRow> kept = new ArrayList<>();
    rows.stream().filter(stored -> stored.kept).forEach(stored -> kept.add(stored.row));
    return kept;
  }

  /** A start from the tables, which tell rows in any order. */
  KnownVersions reload(Random random) {
    List<Arrived> anyOrder = new ArrayList<>(rows);
    Collections.shuffle(anyOrder, random);
    Arrivals arrivals = new Arrivals(window);
    for (Arrived stored : anyOrder) {
      if (stored.kept) {
        arrivals.add(Arrivals.position(stored.offset, 0), stored.row.ingestTimeMicros);
      }
    }
    KnownVersions known = new KnownVersions(window);
    known.begin(arrivals.latestIngestTimeMicros());
    for (Arrived stored : anyOrder) {
      HistoryRow row = stored.row;
      long tick = arrivals.tickAt(Arrivals.position(stored.offset, 0));
      if (tick != Arrivals.LONG_AGO) {
        known.compare(row.key, row.key, row.version, row.batch, row.sequence, row.content);
        known.restore(tick);
      }
    }
    return known;
  }

  private static final class Arrived {
    final HistoryRow row;
    final boolean kept;
    final long offset;
    final long clock;

    Arrived(HistoryRow row, boolean kept, long offset, long clock) {
      this.row = row;
      this.kept = kept;
      this.offset = offset;
      this.clock = clock;
    }
  }
}
