package ai.finks.flink.silver.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where wrapping keys are kept.
 *
 * <table>
 *   <caption>Places</caption>
 *   <tr><td>{@code file:PATH}</td>
 *       <td>64 hexadecimal digits in a file; a relative path begins at the keyring's folder</td></tr>
 *   <tr><td>{@code env:NAME}</td><td>64 hexadecimal digits in an environment variable</td></tr>
 *   <tr><td>{@code aws-secret:NAME}</td>
 *       <td>64 hexadecimal digits in a secret of AWS Secrets Manager</td></tr>
 *   <tr><td>{@code aws-kms:KEY}</td><td>id, ARN or alias of an AWS KMS key, which never leaves it
 *       </td></tr>
 * </table>
 */
final class KeyPlaces {
  static final String FILE = "file:";
  static final String ENVIRONMENT = "env:";
  static final String AWS_SECRET = "aws-secret:";
  static final String AWS_KMS = "aws-kms:";

  private final Path folder;
  private final UnaryOperator<@Nullable String> environment;

  /**
   * @param folder where relative paths begin
   */
  KeyPlaces(Path folder, UnaryOperator<@Nullable String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  /**
   * The wrapping key of a place.
   *
   * @param wantedId which one it was; of a secret the version that holds it is taken
   * @throws IllegalStateException when there is none, saying what to do
   */
  WrappingKey open(String place, @Nullable String wantedId) {
    if (place.startsWith(FILE)) {
      return parse(place, readFile(place, wantedId));
    }
    if (place.startsWith(ENVIRONMENT)) {
      String value = environment.apply(place.substring(ENVIRONMENT.length()));
      if (value == null) {
        throw missing(place, wantedId, "The environment variable is not set; set it.");
      }
      return parse(place, value);
    }
    if (place.startsWith(AWS_SECRET) || place.startsWith(AWS_KMS)) {
      return openOnAws(place, wantedId);
    }
    throw new IllegalStateException(
        "A wrapping key lies at file:PATH, env:NAME, aws-secret:NAME or aws-kms:KEY, not at '"
            + place
            + "'");
  }

  private static WrappingKey openOnAws(String place, @Nullable String wantedId) {
    try {
      return place.startsWith(AWS_KMS)
          ? AwsKeys.kms(place.substring(AWS_KMS.length()))
          : AwsKeys.secret(place.substring(AWS_SECRET.length()), wantedId);
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(
          place
              + " needs AWS's SDK (software.amazon.awssdk: kms, secretsmanager, "
              + "url-connection-client) on the class path; the application jar has it",
          e);
    }
  }

  private String readFile(String place, @Nullable String wantedId) {
    Path file = path(place);
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw missing(place, wantedId, file + " is not there; restore it from its backup.");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the wrapping key " + file, e);
    }
  }

  /** The file of a {@code file:} place. */
  Path path(String place) {
    return folder.resolve(place.substring(FILE.length())).normalize();
  }

  private static IllegalStateException missing(
      String place, @Nullable String wantedId, String whatToDo) {
    return new IllegalStateException(
        String.format(
            "The wrapping key%s is not at %s, and without it no key opens. %s",
            wantedId == null ? "" : " " + wantedId, place, whatToDo));
  }

  static AesWrappingKey parse(String place, String text) {
    byte[] key = Hex.parse(text.trim());
    if (key == null || key.length != AesWrappingKey.BYTES) {
      throw new IllegalStateException(
          "The wrapping key at " + place + " is not 64 hexadecimal digits");
    }
    return AesWrappingKey.of(key);
  }
}
