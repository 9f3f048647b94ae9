package ai.finks.flink.silver.function;

import ai.finks.flink.silver.core.Arrivals;
import ai.finks.flink.silver.core.KeyMemory;
import ai.finks.flink.silver.core.KnownVersions;
import ai.finks.flink.silver.core.RecordCoordinate;
import ai.finks.flink.silver.core.Refined;
import ai.finks.flink.silver.core.Refusal;
import ai.finks.flink.silver.core.RefusalReason;
import ai.finks.flink.silver.core.RefusedElement;
import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.flink.silver.core.SilverRow;
import ai.finks.flink.silver.core.VersionRule;
import ai.finks.flink.silver.io.MarkRows;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.silver.io.QuarantineRows;
import ai.finks.flink.silver.io.Refinement;
import ai.finks.flink.silver.io.SilverRowData;
import ai.finks.flink.silver.io.StoredVersions;
import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.raw.DecodedRecord;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordDecoder;
import ai.finks.schemas.raw.Undecodable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/** A record's way by contract and bindings: decode, refine, decide by the version rule, emit. */
public final class ContractRefiner implements RecordRefiner {
  private static final int AHEAD = 16;

  private final RawRecordDecoder decoder;
  private final SilverPlan plan;
  private final QuarantineRows quarantineRows;
  private final StoredVersions storedVersions;
  private final Ahead[] ahead = new Ahead[AHEAD];
  private final SilverRowData silverRow;
  private final Refinement refinement = new Refinement();
  private Map<String, String> lastAttributes = Map.of();
  private boolean lastRedriven;
  private int position;
  private int looked;

  /** Nobody asks for it; but what goes nowhere would not be computed. */
  private int touched;

  /**
   * @param sourceOfTopic the source whose records a raw topic carries
   */
  public ContractRefiner(
      RawRecordDecoder decoder,
      SilverPlan plan,
      QuarantineRows quarantineRows,
      Function<String, String> sourceOfTopic) {
    this.decoder = decoder;
    this.plan = plan;
    this.quarantineRows = quarantineRows;
    this.storedVersions = new StoredVersions(plan, sourceOfTopic);
    for (int i = 0; i < AHEAD; i++) {
      ahead[i] = new Ahead(plan.newRefined());
    }
    this.silverRow = new SilverRowData(plan.columns(), plan.contract().period());
  }

  @Override
  public void refine(RawMessage message, PartitionWork work, Consumer<Refinement> out) {
    if (position == looked || ahead[position].message != message) {
      lookAhead(message, work.knownVersions());
    }
    Ahead present = ahead[position++];
    DecodedRecord decoded = present.decoded;
    Refined refined = present.refined;
    RawRecord record = decoded.record();
    if (record == null) {
      work.counts().quarantine();
      out.accept(undecodable(message, work, String.valueOf(decoded.problem())));
      return;
    }
    if (isRedriven(record.attributes())) {
      work.counts().redriven();
    }
    work.runs().count(record.runId());
    work.drift().count(refined);
    if (refined.isRefused()) {
      for (RefusedElement element : refined.refused()) {
        work.counts().quarantine();
        out.accept(refused(record, work, message.offset(), element));
      }
    }
    for (int i = 0; i < refined.filtered(); i++) {
      work.counts().filtered();
    }
    List<SilverRow> rows = refined.rows();
    for (int i = 0; i < rows.size(); i++) {
      decide(record, rows.get(i), message.offset(), work, out);
    }
  }

  /** Records of one batch mostly share their attributes: the very same map. */
  @SuppressWarnings("ReferenceEquality")
  private boolean isRedriven(Map<String, String> attributes) {
    if (attributes != lastAttributes) {
      lastAttributes = attributes;
      lastRedriven = attributes.containsKey(RecordCoordinate.ATTRIBUTE);
    }
    return lastRedriven;
  }

  /**
   * Takes a message and some of those behind it apart, and looks for all of their keys, before the
   * first of them is decided about: nothing of that depends on what becomes of the others.
   */
  private void lookAhead(RawMessage first, KnownVersions known) {
    position = 0;
    looked = 0;
    boolean isExploded = false;
    // An exploded record may have very many rows, so it is the last one to be held.
    for (RawMessage m = first; m != null && looked < AHEAD && !isExploded; m = m.next()) {
      Ahead next = ahead[looked++];
      DecodedRecord kept = m.decoded();
      next.message = m;
      next.decoded = kept == null ? decoder.decode(m.value()) : kept;
      RawRecord record = next.decoded.record();
      if (record != null) {
        plan.refine(record, next.refined);
        isExploded = next.refined.rows().size() > 1;
      }
    }
    for (int i = 0; i < looked && looked > 1; i++) {
      touch(ahead[i], known);
    }
  }

  private void touch(Ahead next, KnownVersions known) {
    if (next.decoded.record() != null && !next.refined.rows().isEmpty()) {
      SilverRow row = next.refined.rows().get(0);
      touched += known.touch(row.keyHi(), row.keyLo());
    }
  }

  private void decide(
      RawRecord record, SilverRow row, long offset, PartitionWork work, Consumer<Refinement> out) {
    KnownVersions known = work.knownVersions();
    VersionRule rule =
        known.compare(
            row.keyHi(), row.keyLo(), row.version(), row.batchId(), row.sequence(), row.hashHi());
    switch (rule) {
      case KEEP:
        keep(record, row, offset, work, out);
        break;
      case EXACT_AND_NEWER:
        known.advance();
        work.counts().duplicateExact();
        out.accept(
            refinement.row(
                PipelineTable.MARKS,
                work.partition(),
                offset,
                MarkRows.of(row, work.partition(), offset, row.element())));
        break;
      case EXACT:
        work.counts().duplicateExact();
        break;
      case SUPERSEDED:
        work.counts().duplicateSuperseded();
        break;
    }
  }

  /** A new row is compared with the one before it, and remembered only if it lands. */
  private void keep(
      RawRecord record, SilverRow row, long offset, PartitionWork work, Consumer<Refinement> out) {
    if (!plan.previousRules().isEmpty()) {
      long position = Arrivals.position(offset, row.element());
      List<Refusal> refusals = plan.previousRules().judge(row, position, work.previousValues());
      if (!refusals.isEmpty()) {
        work.counts().quarantine();
        out.accept(refused(record, work, offset, RefusedElement.of(row.element(), refusals)));
        return;
      }
      plan.previousRules().remember(row, row.source(), position, work.previousValues());
    }
    work.knownVersions().keep(row.ingestTimeMicros());
    work.counts().silver(row.warnings() != null);
    silverRow.bind(row, work.partition(), offset, row.element());
    out.accept(refinement.row(PipelineTable.SILVER, work.partition(), offset, silverRow));
  }

  private Refinement undecodable(RawMessage message, PartitionWork work, String problem) {
    return refinement.row(
        PipelineTable.QUARANTINE,
        work.partition(),
        message.offset(),
        quarantineRows.undecodable(
            message.value(),
            work.partition(),
            message.offset(),
            Refusal.of(RefusalReason.ENVELOPE_UNDECODABLE, problem)));
  }

  private Refinement refused(
      RawRecord record, PartitionWork work, long offset, RefusedElement element) {
    return refinement.row(
        PipelineTable.QUARANTINE,
        work.partition(),
        offset,
        quarantineRows.refused(record, work.partition(), offset, element));
  }

  /** What this refines by; for the thread that refines. */
  public SilverPlan plan() {
    return plan;
  }

  /** What is known, where more tables than the pipeline's own tell of it. */
  public Map<StreamPartition, KeyMemory> load(
      Map<StreamPartition, Long> beforeOffsets, Collection<StoredVersions.Layer> layers) {
    return storedVersions.load(beforeOffsets, layers);
  }

  @Override
  public Map<StreamPartition, KeyMemory> load(
      Map<StreamPartition, Long> beforeOffsets, Map<PipelineTable, Table> tables) {
    return load(beforeOffsets, List.of(StoredVersions.Layer.all(tables)));
  }

  /** A message that was taken apart and not decided about yet. */
  private static final class Ahead {
    final Refined refined;
    DecodedRecord decoded = DecodedRecord.undecodable(Undecodable.EMPTY);
    @Nullable RawMessage message;

    Ahead(Refined refined) {
      this.refined = refined;
    }
  }
}
