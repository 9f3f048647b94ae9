package ai.finks.interop;

import com.amazonaws.services.schemaregistry.utils.AWSSchemaRegistryConstants;
import com.amazonaws.services.schemaregistry.utils.AvroRecordType;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.DataFormat;

/** A Glue registry in the stand-in, as Finks and as AWS's own serializers address it. */
final class GlueAccount {
  private static final String REGION = "eu-west-1";
  private static final String REGISTRY = "finks";

  private final MotoServer moto;

  private GlueAccount(MotoServer moto) {
    this.moto = moto;
  }

  /** Makes the registry. */
  static GlueAccount in(MotoServer moto) {
    try (GlueClient glue =
        GlueClient.builder()
            .endpointOverride(moto.url())
            .region(Region.of(REGION))
            .httpClient(UrlConnectionHttpClient.create())
            .build()) {
      glue.createRegistry(request -> request.registryName(REGISTRY));
    }
    return new GlueAccount(moto);
  }

  /** The value of {@code registry.url}. */
  URI address() {
    return URI.create("glue://" + REGION + "/" + REGISTRY + "?endpoint=" + moto.url());
  }

  /** Settings of AWS's serializers. */
  Map<String, Object> serde(AWSSchemaRegistryConstants.COMPRESSION compression) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(AWSSchemaRegistryConstants.AWS_ENDPOINT, moto.url().toString());
    settings.put(AWSSchemaRegistryConstants.AWS_REGION, REGION);
    settings.put(AWSSchemaRegistryConstants.REGISTRY_NAME, REGISTRY);
    settings.put(AWSSchemaRegistryConstants.DATA_FORMAT, DataFormat.AVRO.name());
    settings.put(AWSSchemaRegistryConstants.COMPRESSION_TYPE, compression.name());
    settings.put(AWSSchemaRegistryConstants.SCHEMA_AUTO_REGISTRATION_SETTING, true);
    settings.put(
        AWSSchemaRegistryConstants.AVRO_RECORD_TYPE, AvroRecordType.GENERIC_RECORD.getName());
    return settings;
  }
}
