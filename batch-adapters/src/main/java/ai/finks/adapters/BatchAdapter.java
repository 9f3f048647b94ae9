package ai.finks.adapters;

import ai.finks.adapters.journal.RunRefusedException;
import ai.finks.client.RawSinkException;
import java.io.IOException;
import java.util.Map;

/** A bounded extraction from a source into its raw topic. */
public interface BatchAdapter {

  /** As users name it, for example {@code fmp.bars}. */
  String name();

  /** What the source is asked for: parameters that a user gave or a default filled in. */
  Map<String, String> asked();

  /**
   * Runs, or resumes, the run of the context's id; does nothing when it is finished. What the
   * source refuses is in the report and stops nothing else.
   *
   * @throws RunRefusedException when the run id cannot be used so
   * @throws RawSinkException when the stream cannot be written to; the run can be resumed
   * @throws IOException when the home cannot be written to; the run can be resumed
   * @throws InterruptedException when this thread was interrupted; the run can be resumed
   */
  IngestReport run(IngestContext context) throws IOException, InterruptedException;
}
