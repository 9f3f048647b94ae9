package ai.finks.flink.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.flink.fault.FaultPoints;
import ai.finks.flink.seal.SealBed.Stored;
import ai.finks.flink.table.Carrier;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.OrphanFiles;
import ai.finks.flink.table.SnapshotExpiry;
import ai.finks.flink.table.SnapshotHold;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.FileInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpkeepTest {
  private static final TableIdentifier SILVER = LakeTables.silver("trades");
  private static final TableIdentifier STAGED = TableIdentifier.of("staging", "replay_versions");

  @TempDir Path scratch;

  @AfterEach
  void disarm() {
    System.clearProperty(FaultPoints.PROPERTY);
  }

  @Test
  void sealedAndExpiredTableHasNeitherDanglingNorUnknownFiles() {
    try (SealBed bed = new SealBed(false, scratch)) {
      fill(bed);
      List<Stored> rows = bed.rows();
      bed.sealAll();
      bed.append(List.of(bed.trade("desk", "late", 3, 9, 90)));
      bed.sealAll();

      long removed = SnapshotExpiry.expire(bed.load(), later(), later());

      assertThat(removed).isPositive();
      assertThat(bed.load().snapshots()).hasSize(1);
      assertThat(bed.rows()).as("all files are there").hasSize(rows.size() + 1);
      assertThat(orphans(bed, later()))
          .as("files that no snapshot knows")
          .extracting(FileInfo::location)
          .isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"seal.period-written", "seal.commit.before", "seal.commit.planned"})
  void killedSealLeavesTheTableAsItWasAndOrphansThatGo(String place) {
    try (SealBed bed = new SealBed(true, scratch)) {
      fill(bed);
      List<Stored> rows = bed.rows();
      System.setProperty(FaultPoints.PROPERTY, place + ":fail");
      assertThatThrownBy(bed::sealAll).hasMessageContaining(place);

      assertThat(bed.rows()).containsExactlyInAnyOrderElementsOf(rows);
      assertThat(bed.periods().sealed()).isEmpty();
      List<FileInfo> orphans = orphans(bed, later());
      assertThat(orphans).isNotEmpty().allMatch(file -> file.location().contains("seal-trades"));
      upkeep(bed).remove(SILVER, orphans);

      assertThat(bed.sealAll()).as("the next seal").isNotEmpty();
      assertThat(bed.rows()).hasSameSizeAs(rows);
      assertThat(orphans(bed, later())).isEmpty();
    }
  }

  @Test
  void sealThatEndsBehindItsCommitIsDone() {
    try (SealBed bed = new SealBed(true, scratch)) {
      fill(bed);
      System.setProperty(FaultPoints.PROPERTY, "seal.commit.after:fail");
      assertThatThrownBy(bed::sealAll).hasMessageContaining("seal.commit.after");

      assertThat(bed.periods().open()).isEmpty();
      assertThat(bed.sealAll()).isEmpty();
    }
  }

  @Test
  void holdKeepsItsSnapshotAndAllAfterItUntilItIsLetGo() {
    try (SealBed bed = new SealBed(true, scratch)) {
      fill(bed);
      List<Long> snapshots = new ArrayList<>();
      bed.load().snapshots().forEach(snapshot -> snapshots.add(snapshot.snapshotId()));
      SnapshotHold.take(
          bed.load(), "replay-1", snapshots.get(1), Duration.ofDays(1), Clock.systemUTC());

      SnapshotExpiry.expire(bed.load(), later(), later());

      assertThat(bed.load().snapshots())
          .extracting(Snapshot::snapshotId)
          .containsExactlyElementsOf(snapshots.subList(1, snapshots.size()));
      SnapshotHold.releaseAll(bed.load(), "seal-");
      assertThat(bed.load().refs()).containsKey("replay-1");
      SnapshotHold.releaseAll(bed.load(), "replay-");
      assertThat(SnapshotExpiry.expirable(bed.load(), later(), later()))
          .hasSize(snapshots.size() - 2);
    }
  }

  @Test
  void filesThatMayStillBeCommittedStay() {
    try (SealBed bed = new SealBed(true, scratch)) {
      long now = System.currentTimeMillis();
      bed.lake().files().clock(() -> now - Duration.ofDays(10).toMillis());
      SealBed.write(bed.load(), List.of(bed.trade("desk", "lost", 3, 1, 10)));
      bed.lake().files().clock(() -> now - Duration.ofMinutes(30).toMillis());
      List<DataFile> pending =
          SealBed.write(bed.load(), List.of(bed.trade("desk", "pending", 3, 1, 10)));
      bed.load().newAppend().set(Carrier.OFFSETS, "{}").commit();

      List<FileInfo> found = orphans(bed, later());

      assertThat(found)
          .as("older than the newest offsets by an hour")
          .hasSize(1)
          .noneMatch(file -> file.location().equals(pending.get(0).location()));
      assertThat(orphans(bed, Instant.ofEpochMilli(now).minus(Duration.ofDays(11)))).isEmpty();
    }
  }

  @Test
  void stagedFilesInTheMainTablesFolderStay() {
    try (SealBed bed = new SealBed(true, scratch)) {
      Table staging =
          bed.lake().createLike(bed.load(), STAGED, "lake/staging/replay", bed.load().location());
      var append = staging.newAppend();
      SealBed.write(staging, List.of(bed.trade("desk", "staged", 3, 1, 10)))
          .forEach(append::appendFile);
      append.commit();

      Map<TableIdentifier, List<FileInfo>> found =
          new OrphanFiles(bed.lake().catalog(), List.of(SILVER, STAGED)).find(later());

      assertThat(found).containsOnlyKeys(SILVER);
      assertThat(found.get(SILVER)).isEmpty();
      assertThat(orphans(bed, later())).as("without the staging table").hasSize(1);
    }
  }

  @Test
  void stagedTableThatWasDroppedMeanwhileIsLeftOutAndAnotherIsMissed() {
    try (SealBed bed = new SealBed(true, scratch)) {
      fill(bed);
      TableIdentifier gone = TableIdentifier.of("silver", "gone_versions");

      assertThat(new OrphanFiles(bed.lake().catalog(), List.of(SILVER, STAGED)).find(later()))
          .containsOnlyKeys(SILVER);
      assertThatThrownBy(
              () -> new OrphanFiles(bed.lake().catalog(), List.of(SILVER, gone)).find(later()))
          .isInstanceOf(NoSuchTableException.class);
    }
  }

  private static void fill(SealBed bed) {
    for (int i = 1; i <= 3; i++) {
      bed.append(
          List.of(bed.trade("desk", "a", 3, i, i), bed.trade("desk", "b" + i, 2 + i, 1, 10)));
    }
  }

  private static List<FileInfo> orphans(SealBed bed, Instant before) {
    return upkeep(bed).find(before).get(SILVER);
  }

  private static OrphanFiles upkeep(SealBed bed) {
    return new OrphanFiles(bed.lake().catalog(), List.of(SILVER));
  }

  private static Instant later() {
    return Instant.now().plusSeconds(60);
  }
}
