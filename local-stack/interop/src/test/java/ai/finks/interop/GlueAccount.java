package ai.finks.interop;

import com.amazonaws.services.schemaregistry.utils.AWSSchemaRegistryConstants;
import com.amazonaws.services.schemaregistry.utils.AvroRecordType;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.aws.s3.S3FileIO;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.DataFormat;

/**
 * Glue's registry and catalog and a bucket in the stand-in, as Finks and AWS's own serializers
 * address them.
 */
final class GlueAccount {
  private static final String REGION = "eu-west-1";
  private static final String REGISTRY = "finks";
  private static final String BUCKET = "finks-lake";

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
    try (S3FileIO files = new S3FileIO()) {
      files.initialize(fileKeys(moto));
      files
          .client()
          .createBucket(
              bucket ->
                  bucket
                      .bucket(BUCKET)
                      .createBucketConfiguration(place -> place.locationConstraint(REGION)));
    }
    return new GlueAccount(moto);
  }

  /** The value of {@code registry.url}. */
  URI address() {
    return URI.create("glue://" + REGION + "/" + REGISTRY + "?endpoint=" + moto.url());
  }

  /** The lake's root. */
  String lake() {
    return "s3://" + BUCKET + "/lake";
  }

  /** What a job is told of the catalog. */
  Map<String, String> catalog() {
    Map<String, String> keys = new HashMap<>();
    keys.put("catalog.type", "glue");
    keys.put("catalog.property.glue.endpoint", moto.url().toString());
    fileKeys(moto).forEach((key, value) -> keys.put("catalog.property." + key, value));
    return keys;
  }

  private static Map<String, String> fileKeys(MotoServer moto) {
    return Map.of(
        "s3.endpoint",
        moto.url().toString(),
        "s3.path-style-access",
        "true",
        "client.region",
        REGION,
        "http-client.type",
        "urlconnection");
  }

  /** What Flink's file systems are told of the bucket. */
  Map<String, String> flinkFiles() {
    return Map.of(
        "s3.endpoint", moto.url().toString(),
        "s3.path.style.access", "true",
        "s3.access-key", "test",
        "s3.secret-key", "test");
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
