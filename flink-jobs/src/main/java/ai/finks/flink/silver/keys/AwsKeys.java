package ai.finks.flink.silver.keys;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/**
 * Keys that AWS keeps. Region, credentials and endpoint come from where AWS's SDK looks for them:
 * its system properties, environment, profile, or the machine's role. This class alone needs the
 * SDK; it is loaded only when a place names AWS.
 */
final class AwsKeys {
  private static final String CONTEXT = "finks-key";
  private static final List<String> STAGES = List.of("AWSCURRENT", "AWSPREVIOUS");

  private AwsKeys() {}

  /**
   * The wrapping key in a secret.
   *
   * @param wantedId take the version that holds this key, if one does; a secret that was rotated
   *     still has its previous version
   */
  static WrappingKey secret(String name, @Nullable String wantedId) {
    String place = KeyPlaces.AWS_SECRET + name;
    List<WrappingKey> versions = new ArrayList<>();
    for (String stage : STAGES) {
      String text = text(name, stage);
      if (text != null) {
        WrappingKey key = KeyPlaces.parse(place, text);
        if (key.id().equals(wantedId)) {
          return key;
        }
        versions.add(key);
      }
    }
    return versions.get(0);
  }

  /** The text of a secret's current version. */
  static String text(String name) {
    String text = text(name, STAGES.get(0));
    if (text == null) {
      throw new IllegalStateException("Secret " + name + " has no text");
    }
    return text;
  }

  private static @Nullable String text(String name, String stage) {
    try (SecretsManagerClient client =
        SecretsManagerClient.builder().httpClient(UrlConnectionHttpClient.create()).build()) {
      return client
          .getSecretValue(
              GetSecretValueRequest.builder().secretId(name).versionStage(stage).build())
          .secretString();
    } catch (ResourceNotFoundException e) {
      if (stage.equals(STAGES.get(0))) {
        throw unusable(KeyPlaces.AWS_SECRET + name, e);
      }
      return null;
    } catch (SdkException e) {
      throw unusable(KeyPlaces.AWS_SECRET + name, e);
    }
  }

  /** A key of AWS KMS. */
  static WrappingKey kms(String key) {
    return new KmsWrappingKey(key);
  }

  private static IllegalStateException unusable(String place, SdkException e) {
    return new IllegalStateException(
        String.format(
            "%s cannot be used: %s. Check its name, the region, and that this role may use it.",
            place, e.getMessage()),
        e);
  }

  /**
   * Wraps inside of KMS; the name goes with it as encryption context, so KMS's own audit shows it.
   */
  private static final class KmsWrappingKey implements WrappingKey {
    private final String place;
    private final String key;
    private final String id;

    KmsWrappingKey(String key) {
      this.place = KeyPlaces.AWS_KMS + key;
      this.key = key;
      try (KmsClient client = client()) {
        KeyMetadata metadata = client.describeKey(request -> request.keyId(key)).keyMetadata();
        this.id = metadata.arn();
        requireEnabled(metadata);
      } catch (SdkException e) {
        throw unusable(place, e);
      }
    }

    /** Asked ahead of the first use, as KMS then says no more than that it will not. */
    private void requireEnabled(KeyMetadata metadata) {
      if (metadata.keyState() != KeyState.ENABLED) {
        throw new IllegalStateException(
            String.format(
                "%s cannot be used: KMS says that the key is %s. Enable it (or cancel its deletion)"
                    + " and start again: what it wraps opens with no other key.",
                place, metadata.keyStateAsString()));
      }
    }

    private static KmsClient client() {
      return KmsClient.builder().httpClient(UrlConnectionHttpClient.create()).build();
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public byte[] wrap(String name, byte[] dataKey) {
      try (KmsClient client = client()) {
        return client
            .encrypt(
                request ->
                    request
                        .keyId(key)
                        .encryptionContext(Map.of(CONTEXT, name))
                        .plaintext(SdkBytes.fromByteArray(dataKey)))
            .ciphertextBlob()
            .asByteArray();
      } catch (SdkException e) {
        throw unusable(place, e);
      }
    }

    @Override
    public byte[] unwrap(String name, byte[] wrapped) throws AlteredKeyException {
      try (KmsClient client = client()) {
        return client
            .decrypt(
                request ->
                    request
                        .keyId(key)
                        .encryptionContext(Map.of(CONTEXT, name))
                        .ciphertextBlob(SdkBytes.fromByteArray(wrapped)))
            .plaintext()
            .asByteArray();
      } catch (InvalidCiphertextException e) {
        throw new AlteredKeyException(e);
      } catch (SdkException e) {
        throw unusable(place, e);
      }
    }
  }
}
