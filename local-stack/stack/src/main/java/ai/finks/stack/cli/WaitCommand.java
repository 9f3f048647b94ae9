package ai.finks.stack.cli;

import ai.finks.flink.table.StreamPartition;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import ai.finks.stack.lake.Lake;
import ai.finks.stack.lake.LakeProgress;
import ai.finks.stack.lake.StreamEnds;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Waits until what was sent so far is in the tables. */
@Command(
    name = "wait",
    description = "Wait until all that was sent so far is read, accounted for and committed.")
final class WaitCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "Give up after that long, with exit code 3: 30s, 10m, PT1H (default: 10m).")
  private Duration timeout = Duration.ofMinutes(10);

  @Override
  public Integer call() throws Exception {
    FinksHome home = common.home();
    StackRecord record = RunningStack.of(home);
    try (Lake lake = Lake.open(home)) {
      LakeProgress progress = new LakeProgress(lake);
      until(home, record, progress, timeout, common);
      return CountsView.print(common, progress);
    }
  }

  /** Waits on a stack that is up; a dead job or a dead stack ends the wait at once. */
  static void until(
      FinksHome home,
      StackRecord record,
      LakeProgress progress,
      Duration timeout,
      CommonOptions common)
      throws InterruptedException {
    Map<StreamPartition, Long> ends;
    try {
      ends = StreamEnds.of(record.url("kafka").orElse(""));
    } catch (StreamEnds.StreamUnavailableException e) {
      throw CommandFailure.platform(e.getMessage() + "; see ./finks status", e);
    }
    new Wait(home, record, progress, ends, timeout).run(common::progress);
  }
}
