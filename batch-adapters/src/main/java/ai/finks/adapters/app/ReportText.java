package ai.finks.adapters.app;

import ai.finks.adapters.IngestReport;
import ai.finks.adapters.core.IngestFailure;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** A report as people and as programs read it. */
final class ReportText {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ReportText() {}

  static String json(IngestReport report) {
    ObjectNode document = JSON.createObjectNode();
    document.put("run_id", report.runId());
    document.put("sent", report.sent());
    document.put("bytes", report.bytes());
    document.put("seconds", report.seconds());
    document.put("sent_before", report.sentBefore());
    document.put("finished", report.finished());
    ArrayNode failed = document.putArray("failed");
    for (IngestFailure failure : report.failed()) {
      failed
          .addObject()
          .put("unit", failure.unit())
          .put("reason", failure.reason())
          .put("status", failure.status());
    }
    return document.toString();
  }

  static String text(IngestReport report) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "run %s: %,d records, %,d bytes in %.1f s",
            report.runId(),
            report.sent(),
            report.bytes(),
            report.seconds()));
    if (report.sentBefore() > 0) {
      text.append(String.format(Locale.ROOT, " (%,d sent before)", report.sentBefore()));
    }
    for (IngestFailure failure : report.failed()) {
      text.append(System.lineSeparator()).append("failed: ").append(failure.unit());
      text.append(": ").append(failure.reason());
    }
    if (!report.finished()) {
      text.append(System.lineSeparator());
      text.append("not finished: --run-id ").append(report.runId()).append(" goes on");
    }
    return text.toString();
  }
}
