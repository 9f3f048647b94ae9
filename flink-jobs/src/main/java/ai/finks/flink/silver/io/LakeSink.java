package ai.finks.flink.silver.io;

import ai.finks.flink.stream.InChainType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessageTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline's way into its Iceberg tables, exactly once by the offsets that the tables carry.
 *
 * <pre>
 * refine ─▶ write (files per table; chained, parallel) ─────────────┐
 *             └ rows of late periods, by period ─▶ write-late ──────┤
 *                                                                   ▼
 *                one-commit (parallelism 1: merge, leave out what a table has, accounting rows)
 *                  └─▶ lake (parallelism 1: quarantine, marks, accounting, silver; fenced)
 * </pre>
 *
 * <p>Writers are ordinary operators, since a sink has but one: rows of late periods are shuffled,
 * so that a batch of the past makes one file per period instead of one per period and writer. With
 * parallelism 1 the one writer does that anyway. No operator holds rows across a barrier; barriers
 * are aligned, so at one-commit the files of both writers and their ranges belong together.
 */
public final class LakeSink implements Sink<PipelineCommit>, SupportsCommitter<PipelineCommit> {
  private static final long serialVersionUID = 1;

  private final Pipeline pipeline;

  private LakeSink(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  /** Adds all of it behind a refined stream of that parallelism. The tables must exist. */
  public static void write(DataStream<Refinement> refined, Pipeline pipeline, int parallelism) {
    String entity = pipeline.entity();
    inOneCommit(
            parallelism == 1
                ? written(refined, pipeline, null, parallelism)
                : writtenWithLate(refined, pipeline, parallelism),
            pipeline)
        .sinkTo(new LakeSink(pipeline))
        .name(entity + "-lake")
        .uid(entity + "-lake")
        .setParallelism(1);
  }

  private static DataStream<CommittableMessage<WrittenFiles>> writtenWithLate(
      DataStream<Refinement> refined, Pipeline pipeline, int parallelism) {
    String name = pipeline.entity() + "-write-late";
    LateRows late = LateRows.of(pipeline);
    SingleOutputStreamOperator<CommittableMessage<WrittenFiles>> written =
        written(refined, pipeline, late, parallelism);
    return written
        .getSideOutput(late.tag())
        .keyBy(late.period())
        .transform(name, filesType(pipeline), new LateWriter(pipeline))
        .uid(name)
        .setParallelism(parallelism)
        .union(written);
  }

  private static SingleOutputStreamOperator<CommittableMessage<WrittenFiles>> written(
      DataStream<Refinement> refined, Pipeline pipeline, @Nullable LateRows late, int parallelism) {
    String name = pipeline.entity() + "-write";
    return refined
        .transform(
            name, filesType(pipeline), new LakeWriter(pipeline, late == null ? null : late.tag()))
        .uid(name)
        .setParallelism(parallelism);
  }

  private static SingleOutputStreamOperator<PipelineCommit> inOneCommit(
      DataStream<CommittableMessage<WrittenFiles>> written, Pipeline pipeline) {
    String name = pipeline.entity() + "-one-commit";
    return written
        .global()
        .transform(name, InChainType.of(PipelineCommit.class), new CommitAggregator(pipeline))
        .uid(name)
        .setParallelism(1)
        .setMaxParallelism(1);
  }

  private static TypeInformation<CommittableMessage<WrittenFiles>> filesType(Pipeline pipeline) {
    return CommittableMessageTypeInfo.of(() -> new WrittenFilesSerializer(pipeline));
  }

  @Override
  @Deprecated
  public SinkWriter<PipelineCommit> createWriter(InitContext context) {
    throw new UnsupportedOperationException("Flink 1.20 calls the method with WriterInitContext");
  }

  @Override
  public SinkWriter<PipelineCommit> createWriter(WriterInitContext context) {
    return new HandOver();
  }

  @Override
  public Committer<PipelineCommit> createCommitter(CommitterInitContext context) {
    return new LakeCommitter(pipeline, context.getRestoredCheckpointId());
  }

  @Override
  public SimpleVersionedSerializer<PipelineCommit> getCommittableSerializer() {
    return new PipelineCommitSerializer(pipeline);
  }

  /** Hands a checkpoint's commit, which came just ahead of the barrier, to the committer. */
  private static final class HandOver
      implements CommittingSinkWriter<PipelineCommit, PipelineCommit> {
    private List<PipelineCommit> commits = new ArrayList<>();

    @Override
    public void write(PipelineCommit commit, Context context) {
      commits.add(commit);
    }

    @Override
    public void flush(boolean endOfInput) {
      // There is nothing to flush.
    }

    @Override
    public Collection<PipelineCommit> prepareCommit() {
      List<PipelineCommit> handedOver = commits;
      commits = new ArrayList<>();
      return handedOver;
    }

    @Override
    public void close() {
      // Files of commits that were not handed over are nobody's; orphan removal takes them.
    }
  }
}
