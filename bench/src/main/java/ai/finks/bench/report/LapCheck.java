package ai.finks.bench.report;

import ai.finks.bench.feed.FeedTotals;
import ai.finks.bench.feed.QuoteEnvelopes;
import ai.finks.bench.variant.BareTables;
import ai.finks.bench.variant.FileSinkVariant;
import ai.finks.bench.variant.LapLake;
import ai.finks.bench.variant.Variants;
import ai.finks.flink.table.LakeTables;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Compares what a variant has written in a lap with what the feed says it must have written. */
public final class LapCheck {
  private static final String VOLUME = "volume";

  private final FeedTotals totals;

  public LapCheck(FeedTotals totals) {
    this.totals = totals;
  }

  /** The rows that a variant's table must hold. */
  public long rows(String variant) {
    return switch (variant) {
      case Variants.FLINK_SQL -> totals.ordinary() + totals.duplicates();
      case Variants.KAFKA_CONNECT -> totals.ordinary() + totals.duplicates() + totals.negative();
      case Variants.BRONZE, Variants.FILE_SINK -> totals.records();
      default -> totals.ordinary();
    };
  }

  private long volume(String variant) {
    return switch (variant) {
      case Variants.FLINK_SQL -> totals.ordinaryVolume() + totals.duplicateVolume();
      case Variants.KAFKA_CONNECT ->
          totals.ordinaryVolume() + totals.duplicateVolume() + totals.negativeVolume();
      default -> totals.ordinaryVolume();
    };
  }

  /** What is wrong in a lap's folder; empty if nothing is. */
  public List<String> problems(String variant, Path lap) throws IOException {
    List<String> problems = new ArrayList<>();
    switch (variant) {
      case Variants.FLINK_SQL, Variants.KAFKA_CONNECT ->
          compare(
              problems,
              variant,
              TableRows.read(BareTables.load(lap), VOLUME),
              new TableRows(rows(variant), volume(variant)));
      case Variants.FILE_SINK ->
          compare(
              problems,
              variant,
              new TableRows(lines(FileSinkVariant.lines(lap)), 0),
              new TableRows(rows(variant), 0));
      case Variants.BRONZE -> bronze(problems, lap);
      default -> silver(problems, variant, lap);
    }
    return problems;
  }

  private void silver(List<String> problems, String variant, Path folder) throws IOException {
    try (LapLake lake = LapLake.open(folder)) {
      compare(
          problems,
          variant,
          TableRows.read(lake.table(LakeTables.silver(QuoteEnvelopes.ENTITY)), VOLUME),
          new TableRows(rows(variant), volume(variant)));
      long refused = totals.malformed() + totals.negative();
      compare(
          problems,
          variant + " quarantine",
          rowsOnly(
              TableRows.read(lake.table(LakeTables.quarantine(QuoteEnvelopes.ENTITY)), "_offset")),
          new TableRows(refused, 0));
      if (!variant.equals(Variants.BARE_LOOP)) {
        account(problems, lake, "read", totals.records());
        account(problems, lake, "silver", totals.ordinary());
        account(problems, lake, "quarantine", refused);
        account(problems, lake, "duplicates", totals.duplicates());
      }
    }
  }

  private static void account(List<String> problems, LapLake lake, String column, long expected)
      throws IOException {
    long found = TableRows.read(lake.table(LakeTables.ACCOUNTING), column).sum();
    if (found != expected) {
      problems.add("accounting: " + column + " is " + found + ", must be " + expected);
    }
  }

  private void bronze(List<String> problems, Path folder) throws IOException {
    try (LapLake lake = LapLake.open(folder)) {
      TableRows ledger = TableRows.read(lake.table(LakeTables.BRONZE_FILES), "records");
      if (ledger.sum() != totals.records()) {
        problems.add("ledger: " + ledger.sum() + " records, must be " + totals.records());
      }
    }
    compare(
        problems,
        Variants.BRONZE,
        new TableRows(lines(folder.resolve("lake").resolve("bronze")), 0),
        new TableRows(totals.records(), 0));
  }

  private static TableRows rowsOnly(TableRows read) {
    return new TableRows(read.rows(), 0);
  }

  private static void compare(
      List<String> problems, String what, TableRows found, TableRows expected) {
    if (!found.equals(expected)) {
      problems.add(what + ": holds " + found + ", must hold " + expected);
    }
  }

  /** Line ends in the visible files below a folder, but for tables' own. */
  private static long lines(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files =
          all.filter(Files::isRegularFile)
              .filter(file -> !file.getFileName().toString().startsWith("."))
              .filter(file -> !file.toString().contains("_ledger"))
              .toList();
    }
    long lines = 0;
    byte[] buffer = new byte[1 << 16];
    for (Path file : files) {
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          for (int i = 0; i < read; i++) {
            lines += buffer[i] == '\n' ? 1 : 0;
          }
        }
      }
    }
    return lines;
  }
}
