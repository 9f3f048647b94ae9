package ai.finks.flink.bronze.io;

import ai.finks.flink.fault.WallClock;
import ai.finks.flink.table.CatalogLoader;
import ai.finks.flink.table.SnapshotExpiry;
import ai.finks.schemas.raw.RawRecordDecoder;
import java.io.IOException;
import java.time.Duration;
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
 * Writes Bronze: {@link BronzeWriter} in the chain of the source, {@link MergeCommittables} ahead
 * of the barrier, {@link BronzeCommitter} once the checkpoint is complete.
 */
public final class BronzeSink
    implements Sink<BronzeInput>,
        SupportsCommitter<BronzeCommittable>,
        SupportsPreCommitTopology<BronzeCommittable, BronzeCommittable> {
  private static final long serialVersionUID = 1;
  private static final int COMMITS_PER_EXPIRY = 100;

  private final String bronzeRoot;
  private final Submission submission;
  private final CatalogLoader catalog;
  private final WireFormatLoader wireFormat;
  private final RollPolicy roll;
  private final Duration snapshotAge;

  /**
   * @param bronzeRoot folder of Bronze, as a URI or a local path
   * @param snapshotAge how long the ledger's snapshots stay readable
   */
  public BronzeSink(
      String bronzeRoot,
      Submission submission,
      CatalogLoader catalog,
      WireFormatLoader wireFormat,
      RollPolicy roll,
      Duration snapshotAge) {
    this.bronzeRoot = bronzeRoot;
    this.submission = submission;
    this.catalog = catalog;
    this.wireFormat = wireFormat;
    this.roll = roll;
    this.snapshotAge = snapshotAge;
  }

  @Override
  @Deprecated
  public SinkWriter<BronzeInput> createWriter(InitContext context) {
    throw new UnsupportedOperationException("Flink 1.20 asks with a WriterInitContext");
  }

  @Override
  public SinkWriter<BronzeInput> createWriter(WriterInitContext context) throws IOException {
    return new BronzeWriter(
        new ObjectFiles(bronzeRoot),
        new RawRecordDecoder(wireFormat.open()),
        roll,
        WallClock.utc());
  }

  @Override
  public DataStream<CommittableMessage<BronzeCommittable>> addPreCommitTopology(
      DataStream<CommittableMessage<BronzeCommittable>> committables) {
    return committables
        .global()
        .transform(
            "bronze-merge",
            CommittableMessageTypeInfo.of(BronzeCommittableSerializer::new),
            new MergeCommittables())
        .uid("bronze-merge")
        .setParallelism(1)
        .setMaxParallelism(1)
        .global();
  }

  @Override
  public Committer<BronzeCommittable> createCommitter(CommitterInitContext context)
      throws IOException {
    return new BronzeCommitter(
        submission,
        catalog,
        new ObjectFiles(bronzeRoot),
        new SnapshotExpiry(COMMITS_PER_EXPIRY, snapshotAge),
        WallClock.utc(),
        context.getRestoredCheckpointId());
  }

  @Override
  public SimpleVersionedSerializer<BronzeCommittable> getCommittableSerializer() {
    return new BronzeCommittableSerializer();
  }

  @Override
  public SimpleVersionedSerializer<BronzeCommittable> getWriteResultSerializer() {
    return new BronzeCommittableSerializer();
  }
}
