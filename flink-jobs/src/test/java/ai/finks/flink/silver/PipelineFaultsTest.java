package ai.finks.flink.silver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.table.FaultyCatalog;
import ai.finks.flink.table.FaultyCatalog.Fault;
import ai.finks.flink.table.Ownership;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobStatus;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Kills, restarts and faults of a pipeline: nothing lost, nothing twice, all accounted for. */
class PipelineFaultsTest extends PipelineBed {
  @Test
  void everyRecordIsAccountedForOnce() throws Exception {
    send(4000);

    job = submit(lake.submission(sources()), 0, null);

    awaitAllRead();
    assertTablesAreExact();
  }

  @Test
  void killedJobWithoutStateContinuesFromTheTables() throws Exception {
    for (int round = 0; round < 5; round++) {
      send(1500);
      job = submit(lake.submission(sources()), 0, null);
      awaitProgress(random.nextInt(1500));
      job.kill();
    }

    job = submit(lake.submission(sources()), 0, null);

    awaitAllRead();
    assertTablesAreExact();
  }

  @Test
  void failoverWithStateSettlesWhatWasNotCommitted() throws Exception {
    send(2000);
    job = submit(lake.submission(sources()), 10, null);
    awaitAllRead();

    for (PipelineTable table : PipelineTable.values()) {
      FaultyCatalog.inject(table.identifier(ENTITY), Fault.LOST_ONCE);
      send(500);
      awaitAllRead();
      FaultyCatalog.inject(table.identifier(ENTITY), Fault.ANSWER_LOST_ONCE);
      send(500);
      awaitAllRead();
    }

    assertTablesAreExact();
    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
  }

  @Test
  void tablesAtDifferentOffsetsMeetAgainAfterARestartWithoutState() throws Exception {
    for (PipelineTable table : PipelineTable.values()) {
      Pipeline submission = lake.submission(sources());
      job = submit(submission, 0, null);
      Awaitility.await()
          .atMost(MiniFlink.PATIENCE)
          .until(() -> lake.writerOf(PipelineTable.SILVER).equals(submission.writerId()));
      FaultyCatalog.inject(table.identifier(ENTITY), Fault.UNREACHABLE);
      send(1000);
      job.awaitFailure();
      FaultyCatalog.healAll();
    }
    assertThat(lake.total(PipelineTable.QUARANTINE))
        .isGreaterThan(lake.total(PipelineTable.SILVER));

    job = submit(lake.submission(sources()), 0, null);

    awaitAllRead();
    assertTablesAreExact();
  }

  @Test
  void olderSavepointDoublesNothing() throws Exception {
    send(1000);
    job = submit(lake.submission(sources()), 0, null);
    awaitAllRead();
    send(500);
    String savepoint = job.savepoint(home.resolve("savepoints"));
    send(1500);
    awaitAllRead();
    job.kill();
    send(500);

    job = submit(lake.submission(sources()), 0, savepoint);

    awaitAllRead();
    send(500);
    awaitAllRead();
    assertTablesAreExact();
  }

  @Test
  void savepointOfOneParallelismContinuesWithAnother() throws Exception {
    send(1000);
    job = submit(lake.submission(sources()), 0, null, 2);
    awaitAllRead();
    for (int parallelism : new int[] {1, 4}) {
      send(300);
      String savepoint = job.savepoint(home.resolve("savepoints"));
      job.kill();
      send(300);

      job = submit(lake.submission(sources()), 0, savepoint, parallelism);
      awaitAllRead();
    }

    assertTablesAreExact();
  }

  @Test
  void newcomerYieldsUnlessItTakesOver() throws Exception {
    send(1000);
    job = submit(lake.submission(sources()), 0, null);
    awaitAllRead();

    MiniFlink.Job newcomer = submit(lake.yieldingSubmission(sources()), 3, null);

    assertThat(newcomer.awaitFailure()).contains("take-over=true");
    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
  }

  @Test
  void zombieIsFencedAfterATakeOverAndDoesNotRestart() throws Exception {
    send(1000);
    MiniFlink.Job zombie = submit(lake.submission(sources()), 100, null);
    awaitAllRead();

    job = submit(lake.submission(sources()), 0, null);
    awaitEndWhileSending(zombie);

    assertThat(zombie.awaitFailure()).contains("The failure is not recoverable");
    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
    send(500);
    awaitAllRead();
    assertTablesAreExact();
  }

  @Test
  void expiredOffsetsStopTheJobAndNameTheGap() throws Exception {
    send(1000);
    job = submit(lake.submission(sources()), 0, null);
    awaitAllRead();
    job.kill();
    long recorded = lake.offsets(PipelineTable.SILVER).get(1);
    send(1000);
    expire(1, recorded + 20);

    job = submit(lake.submission(sources()), 100, null);

    assertThat(job.awaitFailure())
        .contains("Topic " + topic + " partition 1: offsets " + recorded + " to")
        .contains("Bronze");
    assertThat(lake.offsets(PipelineTable.SILVER)).containsEntry(1, recorded);
  }

  /** No record of the partition comes that could show the gap. */
  @Test
  void expiredOffsetsStopTheJobEvenWhereNothingFollowsThem() throws Exception {
    send(1000);
    job = submit(lake.submission(sources()), 0, null);
    awaitAllRead();
    job.kill();
    long recorded = lake.offsets(PipelineTable.SILVER).get(1);
    send(400);
    expireAll(1);

    job = submit(lake.submission(sources()), 100, null);

    assertThat(job.awaitFailure())
        .contains("Topic " + topic + " partition 1: offsets " + recorded + " to");
  }

  @Test
  void expiredOffsetsStopAJobThatIsRestoredFromState() throws Exception {
    send(1000);
    job = submit(lake.submission(sources()), 0, null);
    awaitAllRead();
    String savepoint = job.savepoint(home.resolve("savepoints"));
    job.kill();
    send(400);
    expire(2, lake.offsets(PipelineTable.SILVER).get(2) + 5);

    job = submit(lake.submission(sources()), 100, savepoint);

    assertThat(job.awaitFailure()).contains("Topic " + topic + " partition 2: offsets");
  }

  @Test
  void stateOfADeletedTopicIsRefused() throws Exception {
    send(100);
    job = submit(lake.submission(sources()), 0, null);
    awaitAllRead();
    String savepoint = job.savepoint(home.resolve("savepoints"));
    job.kill();
    recreateTopic();
    send(200);

    job = submit(lake.submission(sources()), 100, savepoint);

    assertThat(job.awaitFailure()).contains("was recreated").contains("without state");
  }

  @Test
  void recreatedTopicIsANewStreamFromItsBeginning() throws Exception {
    send(1000);
    job = submit(lake.submission(sources()), 0, null);
    awaitAllRead();
    job.kill();
    recreateTopic();
    long before = lake.accounting().get("read");
    send(300);

    job = submit(lake.submission(sources()), 0, null);

    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .until(() -> lake.accounting().get("read") == before + 300);
  }

  @Test
  void idleJobShowsThatItLivesSoThatANewcomerYields() throws Exception {
    send(100);
    Pipeline first = lake.submission(sources());
    job = submit(first, 0, null);
    awaitAllRead();
    Map<String, Long> before = lake.accounting();
    long started = System.currentTimeMillis();
    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .until(
            () ->
                Ownership.lastSeenMillis(lake.table(PipelineTable.SILVER), first.job()) > started);

    MiniFlink.Job newcomer = submit(lake.yieldingSubmission(sources()), 3, null);

    assertThat(newcomer.awaitFailure()).contains(first.writerId()).contains("take-over=true");
    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
    assertThat(lake.accounting()).isEqualTo(before);
    assertTablesAreExact();
  }

  @Test
  void idleZombieLearnsOfTheTakeOver() throws Exception {
    send(100);
    MiniFlink.Job zombie = submit(lake.submission(sources()), 100, null);
    job = zombie;
    awaitAllRead();

    job = submit(lake.submission(sources()), 0, null);

    assertThat(zombie.awaitFailure()).contains("has taken over");
    send(300);
    awaitAllRead();
    assertTablesAreExact();
  }

  @Test
  void newPipelineOnAnOldTopicStartsOnceTheGapIsAccepted() throws Exception {
    send(1000);
    expire(0, 30);
    expire(3, 40);
    job = submit(lake.submission(sources()), 100, null);
    String gaps = topic + ":0:0-29," + topic + ":3:0-39";
    assertThat(job.awaitFailure()).contains("accept-gap=" + gaps);

    AcceptedGaps accepted = AcceptedGaps.parse(List.of(gaps.split(",")));
    job = submit(lake.submission(sources()).accepting(accepted), 0, null);
    awaitAllRead();

    assertThat(lake.accounting()).containsEntry("read", 1000L - 30 - 40);
    assertThat(lake.rows(PipelineTable.ACCOUNTING))
        .filteredOn(row -> "gap".equals(row.getField("kind")))
        .extracting(row -> row.getField("partition"), row -> row.getField("range_end"))
        .containsExactlyInAnyOrder(tuple(0, 30L), tuple(3, 40L));
  }

  @Test
  void topicThatIsRecreatedWhileTheJobRunsStopsIt() throws Exception {
    send(1000);
    job = submit(lake.submission(sources()), 100, null);
    awaitAllRead();
    Map<String, Long> before = lake.accounting();

    recreateTopic();
    send(3000);

    assertThat(job.awaitFailure()).contains("was recreated").contains("without state");
    assertThat(lake.accounting()).isEqualTo(before);
  }
}
