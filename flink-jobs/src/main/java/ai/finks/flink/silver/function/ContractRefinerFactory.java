package ai.finks.flink.silver.function;

import ai.finks.flink.fault.WallClock;
import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.flink.silver.io.EntitySchemas;
import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.silver.io.QuarantineRows;
import ai.finks.flink.silver.keys.KeyDirectory;
import ai.finks.schemas.raw.RawRecordDecoder;
import ai.finks.schemas.wire.WireFormat;
import ai.finks.schemas.wire.WireFormats;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compiles contract and bindings where the operator runs, with the keys that lie there. */
public final class ContractRefinerFactory implements RecordRefiner.Factory {
  private static final long serialVersionUID = 1;

  private final Pipeline pipeline;
  private final EntitySchemas schemas;
  private final @Nullable URI registryUrl;
  private final String keysDir;

  /**
   * @param registryUrl null where all messages come decoded
   */
  public ContractRefinerFactory(
      Pipeline pipeline, EntitySchemas schemas, @Nullable URI registryUrl, Path keysDir) {
    this.pipeline = pipeline;
    this.schemas = schemas;
    this.registryUrl = registryUrl;
    this.keysDir = keysDir.toString();
  }

  /** Refiners of messages that were decoded before they were kept: they need no registry. */
  public static ContractRefinerFactory offline(
      Pipeline pipeline, EntitySchemas schemas, Path keysDir) {
    return new ContractRefinerFactory(pipeline, schemas, null, keysDir);
  }

  @Override
  public RecordRefiner open() {
    SilverPlan plan = schemas.compile(KeyDirectory.load(keysDir));
    return new ContractRefiner(
        new RawRecordDecoder(
            registryUrl == null ? new NoWireFormat() : WireFormats.open(registryUrl)),
        plan,
        new QuarantineRows(plan.contract().version(), codeVersion(), WallClock.utc()),
        pipeline::source);
  }

  /** The version of the code that quarantine rows and replays name. */
  public static String codeVersion() {
    String version = ContractRefinerFactory.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }

  /** Where nothing comes that is not decoded yet; whatever does is a mistake of the wiring. */
  private static final class NoWireFormat implements WireFormat {
    @Override
    public byte[] header(String topic, String schemaJson) {
      throw new IllegalStateException("A refiner of kept messages encodes nothing");
    }

    @Override
    public int headerLength(byte[] value) {
      throw new IllegalStateException("A refiner of kept messages decodes nothing");
    }

    @Override
    public Optional<String> schemaOf(byte[] header) {
      throw new IllegalStateException("A refiner of kept messages asks no registry");
    }
  }
}
