package ai.finks.processes;

/**
 * Who may use an S3 API.
 *
 * @param accessKey the key's id
 * @param secretKey the key
 */
public record S3Access(String accessKey, String secretKey) {

  @Override
  public String toString() {
    return "access of " + accessKey;
  }
}
