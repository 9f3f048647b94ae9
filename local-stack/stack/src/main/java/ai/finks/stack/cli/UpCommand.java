package ai.finks.stack.cli;

import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.stack.contracts.AppliedContracts;
import ai.finks.stack.embedded.StackConfig;
import ai.finks.stack.embedded.StackProcess;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.HomeLock;
import ai.finks.stack.home.HomeMode;
import ai.finks.stack.home.StackRecord;
import ai.finks.stack.status.FlinkJobs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts the live stack in the background, or says that it is up. */
@Command(name = "up", description = "Start the live stack in the background.")
final class UpCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--schemas",
      paramLabel = "DIR",
      description =
          "Where a new home takes contracts and bindings from, now and by contracts apply (default:"
              + " the checkout's schemas).")
  private @Nullable Path schemas;

  @Option(
      names = "--accept-gap",
      paramLabel = "TOPIC:PARTITION:FIRST-LAST",
      split = ",",
      description =
          "Offsets that the broker no longer has and that the jobs are to go on without, as the"
              + " message that stopped a job prints them; accounting records the gap.")
  private List<String> acceptedGaps = List.of();

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "What a new home's stack is made of: embedded, one process and a folder (the default), or"
              + " processes, a broker, a Flink cluster and an object store. A home keeps its mode.")
  private @Nullable String mode;

  @Option(
      names = "--seal-at",
      paramLabel = "TIME",
      description =
          "When past periods are sealed every day, in UTC, or never (default: 04:30). Counts for"
              + " this start only.")
  private @Nullable String sealAt;

  @Option(
      names = "--checkpoint-interval",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description =
          "Time between commits: a shorter one means fresher tables, and more and smaller files"
              + " (default: 2s). Counts for this start only.")
  private Duration checkpointInterval = StackConfig.DEFAULT_CHECKPOINT_INTERVAL;

  @Override
  public Integer call() throws Exception {
    FinksHome home = common.home();
    requireGaps();
    requireCheckpointInterval();
    Optional<LocalTime> sealTime = sealTime();
    HomeMode wanted = modeOf(home);
    Optional<StackRecord> running = StackProcess.findLiving(home);
    if (running.isPresent() && running.get().state() == StackRecord.State.UP) {
      requireNothingForAStart(home);
      if (wanted == HomeMode.PROCESSES) {
        running = Optional.of(awaitWhole(home));
      }
      common.progress(
          "The stack on " + home + " is up (pid " + running.get().process().pid() + ").");
      RunningStack.requireLivingJobs(home, running.get());
      tellOfOtherContracts(home);
      print(running.get(), true);
      return ExitCode.DONE.code();
    }
    long started = System.nanoTime();
    StackRecord record = start(home, wanted, sealTime);
    tellOfOtherContracts(home);
    common.progress(
        String.format("The stack on %s is up after %.1f s.", home, Elapsed.seconds(started)));
    print(record, false);
    return ExitCode.DONE.code();
  }

  /** A home's mode is that of its first start: its tables lie where that one put them. */
  private HomeMode modeOf(FinksHome home) throws IOException {
    Optional<HomeMode> made = HomeMode.read(home);
    HomeMode asked = mode == null ? made.orElse(HomeMode.EMBEDDED) : parsed(mode);
    if (made.isPresent() && made.get() != asked) {
      throw CommandFailure.usage(
          "The home "
              + home
              + " was made in the mode "
              + made.get().label()
              + " and keeps it; another home takes another one: ./finks up --mode "
              + asked.label()
              + " --home DIR");
    }
    return asked;
  }

  private static HomeMode parsed(String label) {
    return HomeMode.of(label)
        .orElseThrow(
            () ->
                CommandFailure.usage(
                    "There is no mode '" + label + "'; there are embedded and processes"));
  }

  /** A part that was killed is being replaced; whoever asks for the stack wants it whole. */
  private static StackRecord awaitWhole(FinksHome home) throws InterruptedException {
    try {
      return StackProcess.awaitWhole(
          home,
          record ->
              FlinkJobs.of(record).stream()
                  .allMatch(job -> job.isDead() || job.state().equals("RUNNING")));
    } catch (IOException e) {
      throw CommandFailure.platform("The stack is not whole: " + e.getMessage(), e);
    }
  }

  /** A home runs with the contracts that it took in, whatever was edited since. */
  private void tellOfOtherContracts(FinksHome home) throws IOException {
    Path folder = ContractsCommand.Folder.of(schemas, home);
    if (AppliedContracts.of(home).differFrom(folder)) {
      common.warn(
          "The contracts or bindings in "
              + folder
              + " are not those that run; this takes them in: ./finks contracts apply"
              + (schemas == null ? "" : " --schemas " + schemas)
              + RunningStack.homeOption(home));
    }
  }

  private void requireGaps() {
    try {
      AcceptedGaps.parse(acceptedGaps);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(
          "--accept-gap " + e.getMessage() + "; ./finks up --help says more");
    }
  }

  private void requireCheckpointInterval() {
    if (checkpointInterval.compareTo(StackConfig.LEAST_CHECKPOINT_INTERVAL) < 0) {
      throw CommandFailure.usage(
          "--checkpoint-interval must be 100ms or more, was "
              + checkpointInterval.toMillis()
              + "ms; ./finks up --help says more");
    }
  }

  /** Whoever gives these believes afterwards that they count. */
  private void requireNothingForAStart(FinksHome home) {
    if (!acceptedGaps.isEmpty() || sealAt != null) {
      throw CommandFailure.usage(
          "The stack on "
              + home
              + " is up, and "
              + (sealAt == null ? "--accept-gap" : "--seal-at")
              + " counts for a start only: ./finks down"
              + RunningStack.homeOption(home)
              + ", then ./finks up again");
    }
  }

  private StackRecord start(FinksHome home, HomeMode wanted, Optional<LocalTime> sealTime)
      throws InterruptedException {
    try {
      if (HomeLock.isHeld(home)) {
        common.progress("Another command is starting (or ending) the stack on " + home + " …");
        Optional<StackRecord> other = StackProcess.awaitOther(home, common::progress);
        if (other.isPresent()) {
          requireNothingForAStart(home);
          return other.get();
        }
      }
      common.progress("Starting the stack on " + home + " …");
      StackConfig config =
          StackConfig.of(CommonOptions.root(), home)
              .committingEvery(checkpointInterval)
              .in(wanted)
              .accepting(acceptedGaps);
      if (sealAt != null) {
        config = config.sealingAt(sealTime.orElse(null));
      }
      return StackProcess.start(
          schemas == null ? config : config.withSchemas(schemas), common::progress);
    } catch (IOException e) {
      throw CommandFailure.platform("The stack did not come up: " + e.getMessage(), e);
    }
  }

  /** Empty for never, and where nothing is said. */
  private Optional<LocalTime> sealTime() {
    try {
      return Optional.ofNullable(sealAt == null ? null : StackConfig.parseSealAt(sealAt));
    } catch (DateTimeParseException e) {
      throw CommandFailure.usage("--seal-at is a time such as 04:30, or never, was " + sealAt);
    }
  }

  private void print(StackRecord record, boolean already) {
    if (common.json()) {
      var document = CommonOptions.JSON.createObjectNode();
      document.put("home", common.home().toString());
      document.put("state", "up").put("already_up", already);
      document.put("pid", record.process().pid());
      document.set("components", ComponentsView.json(record));
      common.print(document);
      return;
    }
    ComponentsView.lines(record).forEach(common::print);
  }
}
