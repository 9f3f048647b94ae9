package ai.finks.flink.bronze.io;

import ai.finks.schemas.wire.WireFormat;
import ai.finks.schemas.wire.WireFormats;
import java.io.Serializable;
import java.net.URI;

/** Makes the wire format of the raw topics where an operator runs. */
@FunctionalInterface
public interface WireFormatLoader extends Serializable {
  WireFormat open();

  static WireFormatLoader of(URI registry) {
    return () -> WireFormats.open(registry);
  }
}
