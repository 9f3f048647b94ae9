package ai.finks.stack.cli;

import ai.finks.stack.chaos.Chaos;
import ai.finks.stack.chaos.ChaosReport;
import ai.finks.stack.chaos.PlatformFailure;
import ai.finks.stack.chaos.Verdict;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lets faults befall a stack of its own and compares its tables with a model. */
@Command(
    name = "chaos",
    description = "Run the platform under seeded faults and check its invariants.")
final class ChaosCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--seed",
      paramLabel = "S",
      required = true,
      description = "What is sent and what goes wrong follows from it.")
  private long seed;

  @Option(
      names = "--faults",
      paramLabel = "N",
      defaultValue = "6",
      description = "How many faults (default: 6).")
  private int faults;

  @Option(
      names = "--only",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Only faults with that in their name, e.g. take-over or replay.staged.")
  private String only = "";

  @Option(names = "--keep", description = "Leave the home there, also if all is well.")
  private boolean keep;

  @Override
  public Integer call() throws IOException {
    if (faults < 0 || faults > 1000) {
      throw CommandFailure.usage("--faults must be 0 to 1000, was " + faults);
    }
    Path folder = folder();
    boolean done = false;
    try (Chaos chaos =
        new Chaos(
            CommonOptions.root().resolve("schemas"),
            folder,
            CommonOptions.root().resolve(".finks/chaos-classes"),
            YearMonth.now(ZoneOffset.UTC),
            common::progress)) {
      ChaosReport report = chaos.run(seed, faults, only);
      done = report.holds() && !keep;
      print(report, chaos.home(seed));
      return (report.holds() ? ExitCode.DONE : ExitCode.DATA).code();
    } catch (IllegalArgumentException e) {
      done = true;
      throw CommandFailure.usage("--only: " + e.getMessage());
    } catch (PlatformFailure e) {
      throw CommandFailure.platform(e.getMessage() + "; tables and logs are in " + folder, e);
    } finally {
      if (done) {
        Chaos.remove(folder);
      }
    }
  }

  private Path folder() throws IOException {
    if (!common.homeGiven()) {
      Path parent = Files.createDirectories(CommonOptions.root().resolve(".finks"));
      return Files.createTempDirectory(parent, "chaos-");
    }
    if (!common.home().isEmpty()) {
      throw CommandFailure.usage(
          common.home() + " is not empty; chaos takes a folder of its own, so give another one");
    }
    return common.home().folder();
  }

  private void print(ChaosReport report, Path home) {
    if (common.json()) {
      common.print(json(report, home));
      return;
    }
    for (Verdict verdict : report.verdicts()) {
      common.print((verdict.holds() ? "holds   " : "BROKEN  ") + title(verdict));
      verdict.findings().forEach(finding -> common.print("          " + finding));
    }
    common.print(
        String.format(
            "seed %d: %d faults, %d records, %d commits seen, %d starts without state, %.1f s",
            report.seed(),
            report.faults().size(),
            report.records(),
            report.snapshots(),
            report.startsWithoutState(),
            report.seconds()));
    if (!report.holds()) {
      common.print("Tables and logs are in " + home.getParent());
      common.print("Repeat it: " + repeat(report));
    }
  }

  private static String title(Verdict verdict) {
    return (verdict.invariant() == 0 ? "   " : String.format("%2d ", verdict.invariant()))
        + verdict.statement();
  }

  private String repeat(ChaosReport report) {
    return report.repeat() + (only.isEmpty() ? "" : " --only '" + only + "'");
  }

  private ObjectNode json(ChaosReport report, Path home) {
    ObjectNode document = CommonOptions.JSON.createObjectNode();
    document
        .put("seed", report.seed())
        .put("holds", report.holds())
        .put("records", report.records())
        .put("commits_seen", report.snapshots())
        .put("starts_without_state", report.startsWithoutState())
        .put("seconds", report.seconds())
        .put("repeat", repeat(report));
    if (!report.holds() || keep) {
      document.put("home", home.toString());
    }
    ArrayNode faultNodes = document.putArray("faults");
    report.faults().forEach(faultNodes::add);
    ArrayNode verdicts = document.putArray("verdicts");
    for (Verdict verdict : report.verdicts()) {
      ObjectNode node = verdicts.addObject();
      node.put("invariant", verdict.invariant())
          .put("statement", verdict.statement())
          .put("holds", verdict.holds());
      ArrayNode findings = node.putArray("findings");
      verdict.findings().forEach(findings::add);
    }
    return document;
  }
}
