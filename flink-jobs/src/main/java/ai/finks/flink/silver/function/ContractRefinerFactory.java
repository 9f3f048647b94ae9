package ai.finks.flink.silver.function;

import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.flink.silver.io.EntitySchemas;
import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.silver.io.QuarantineRows;
import ai.finks.flink.silver.keys.KeyDirectory;
import ai.finks.schemas.raw.RawRecordDecoder;
import ai.finks.schemas.wire.WireFormats;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;

/** Compiles contract and bindings where the operator runs, with the keys that lie there. */
public final class ContractRefinerFactory implements RecordRefiner.Factory {
  private static final long serialVersionUID = 1;

  private final Pipeline pipeline;
  private final EntitySchemas schemas;
  private final URI registryUrl;
  private final String keysDir;

  public ContractRefinerFactory(
      Pipeline pipeline, EntitySchemas schemas, URI registryUrl, Path keysDir) {
    this.pipeline = pipeline;
    this.schemas = schemas;
    this.registryUrl = registryUrl;
    this.keysDir = keysDir.toString();
  }

  @Override
  public RecordRefiner open() {
    SilverPlan plan = schemas.compile(KeyDirectory.load(keysDir));
    return new ContractRefiner(
        new RawRecordDecoder(WireFormats.open(registryUrl)),
        plan,
        new QuarantineRows(plan.contract().version(), codeVersion(), Clock.systemUTC()),
        pipeline::source);
  }

  private static String codeVersion() {
    String version = ContractRefinerFactory.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
