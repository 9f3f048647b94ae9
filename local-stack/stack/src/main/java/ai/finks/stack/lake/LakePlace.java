package ai.finks.stack.lake;

import ai.finks.processes.OwnerFiles;
import ai.finks.processes.S3Access;
import ai.finks.stack.home.FinksHome;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * Where a home's lake lies and how its files are read. {@code lake.json} says it if the lake is not
 * the home's own folder; {@code dbt/finks_lake/home.py} reads the same file.
 *
 * @param root location of the lake
 * @param files Iceberg's properties for the files' store; none for a folder
 * @param plugins folder of Flink's plugins, the store's among them; null for a folder
 */
public record LakePlace(String root, Map<String, String> files, @Nullable String plugins) {
  /** The property that says where an S3 API listens. */
  private static final String ENDPOINT = "s3.endpoint";

  private static final Map<String, String> FLINK_NAMES =
      Map.of(
          ENDPOINT,
          "s3.endpoint",
          "s3.path-style-access",
          "s3.path.style.access",
          "s3.access-key-id",
          "s3.access-key",
          "s3.secret-access-key",
          "s3.secret-key");

  private static final String BUCKET = "finks";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Copies the properties. */
  public LakePlace {
    Objects.requireNonNull(root, "root");
    files = Map.copyOf(files);
  }

  /** The bucket of a home whose lake is behind an S3 API. */
  public static String bucket() {
    return BUCKET;
  }

  /** The lake behind the S3 API of a home's own stack. */
  public static LakePlace behind(URI endpoint, S3Access access, Path plugins) {
    return new LakePlace(
        "s3://" + BUCKET + "/lake",
        Map.of(
            ENDPOINT,
            endpoint.toString(),
            "s3.path-style-access",
            "true",
            "s3.access-key-id",
            access.accessKey(),
            "s3.secret-access-key",
            access.secretKey(),
            "client.region",
            "us-east-1",
            "http-client.type",
            "urlconnection"),
        plugins.toString());
  }

  /** What the home says, or its own folder. */
  public static LakePlace of(FinksHome home) {
    try {
      return JSON.readValue(Files.readAllBytes(home.lakeFile()), LakePlace.class);
    } catch (NoSuchFileException e) {
      return new LakePlace(home.lake().toString(), Map.of(), null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the lake is in the home's own folder, and so there without a stack. */
  @JsonIgnore
  public boolean isFolder() {
    return files.isEmpty();
  }

  /** Where the store listens; only for a lake that is no folder. */
  public URI endpoint() {
    return URI.create(Objects.requireNonNull(files.get(ENDPOINT), ENDPOINT));
  }

  /** The lake's files themselves, for those who look beside the tables; the caller closes it. */
  FileIO open() {
    return CatalogUtil.loadFileIO(
        isFolder()
            ? "org.apache.iceberg.hadoop.HadoopFileIO"
            : "org.apache.iceberg.aws.s3.S3FileIO",
        files,
        null);
  }

  /** The same store as Flink's file systems are told of it. */
  public Map<String, String> flinkFiles() {
    Map<String, String> settings = new TreeMap<>();
    FLINK_NAMES.forEach(
        (name, flinkName) -> {
          String value = files.get(name);
          if (value != null) {
            settings.put(flinkName, value);
          }
        });
    return settings;
  }

  /** Replaces what the home says; only its owner can read it. */
  public void write(FinksHome home) throws IOException {
    OwnerFiles.write(home.lakeFile(), JSON.writeValueAsString(this));
  }

  @Override
  public String toString() {
    return root;
  }
}
