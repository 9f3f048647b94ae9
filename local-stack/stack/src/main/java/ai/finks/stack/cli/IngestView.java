package ai.finks.stack.cli;

import ai.finks.adapters.IngestReport;
import ai.finks.adapters.core.IngestFailure;
import ai.finks.stack.home.FinksHome;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What an ingest did, for people and for scripts. */
final class IngestView {
  private static final int SHOWN_FAILURES = 20;

  private IngestView() {}

  /** Prints the report and returns its exit code. */
  static int print(CommonOptions common, FinksHome home, IngestReport report) {
    if (common.json()) {
      common.print(json(report));
    } else {
      common.print(
          String.format(
              "run %s sent %,d records (%,d bytes) in %.1f s%s",
              report.runId(),
              report.sent(),
              report.bytes(),
              report.seconds(),
              report.sentBefore() > 0 ? String.format(", %,d before", report.sentBefore()) : ""));
    }
    failures(common, report);
    if (!report.finished()) {
      common.warn(
          "The run is not finished. Go on with: ./finks ingest --run-id "
              + report.runId()
              + RunningStack.homeOption(home));
    }
    return report.exitCode();
  }

  static ObjectNode json(IngestReport report) {
    ObjectNode document = CommonOptions.JSON.createObjectNode();
    document
        .put("run_id", report.runId())
        .put("sent", report.sent())
        .put("bytes", report.bytes())
        .put("seconds", report.seconds())
        .put("sent_before", report.sentBefore())
        .put("finished", report.finished());
    ArrayNode failed = document.putArray("failed");
    for (IngestFailure failure : report.failed()) {
      failed
          .addObject()
          .put("unit", failure.unit())
          .put("reason", failure.reason())
          .put("status", failure.status());
    }
    return document;
  }

  private static void failures(CommonOptions common, IngestReport report) {
    report.failed().stream()
        .limit(SHOWN_FAILURES)
        .forEach(failure -> common.warn("failed: " + failure.unit() + ": " + failure.reason()));
    if (report.failed().size() > SHOWN_FAILURES) {
      common.warn(
          "… and " + (report.failed().size() - SHOWN_FAILURES) + " more; --json lists them all");
    }
  }
}
