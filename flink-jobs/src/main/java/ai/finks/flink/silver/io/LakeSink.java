package ai.finks.flink.silver.io;

import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessageTypeInfo;
import org.apache.flink.streaming.api.connector.sink2.SupportsPreCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * A pipeline's way into its Iceberg tables, exactly once by the offsets that the tables carry.
 *
 * <pre>
 * refine ─▶ writer (files per table; chained, parallel)
 *             └─▶ one-commit (parallelism 1: merge, leave out what a table has, accounting rows)
 *                   └─▶ committer (parallelism 1: quarantine, marks, accounting, silver; fenced)
 * </pre>
 */
public final class LakeSink
    implements Sink<Refinement>,
        SupportsCommitter<PipelineCommit>,
        SupportsPreCommitTopology<WrittenFiles, PipelineCommit> {
  private static final long serialVersionUID = 1;

  private final Pipeline pipeline;

  public LakeSink(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Override
  @Deprecated
  public SinkWriter<Refinement> createWriter(InitContext context) {
    throw new UnsupportedOperationException("Flink 1.20 calls the method with WriterInitContext");
  }

  @Override
  public SinkWriter<Refinement> createWriter(WriterInitContext context) {
    return new LakeWriter(pipeline, context.getTaskInfo());
  }

  @Override
  public DataStream<CommittableMessage<PipelineCommit>> addPreCommitTopology(
      DataStream<CommittableMessage<WrittenFiles>> written) {
    String name = pipeline.entity() + "-one-commit";
    Pipeline target = pipeline;
    return written
        .global()
        .transform(
            name,
            CommittableMessageTypeInfo.of(() -> new PipelineCommitSerializer(target)),
            new CommitAggregator(pipeline))
        .uid(name)
        .setParallelism(1)
        .setMaxParallelism(1)
        .global();
  }

  @Override
  public Committer<PipelineCommit> createCommitter(CommitterInitContext context) {
    return new LakeCommitter(pipeline, context.getRestoredCheckpointId());
  }

  @Override
  public SimpleVersionedSerializer<WrittenFiles> getWriteResultSerializer() {
    return new WrittenFilesSerializer(pipeline);
  }

  @Override
  public SimpleVersionedSerializer<PipelineCommit> getCommittableSerializer() {
    return new PipelineCommitSerializer(pipeline);
  }
}
