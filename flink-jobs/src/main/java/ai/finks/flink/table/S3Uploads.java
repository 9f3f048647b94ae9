package ai.finks.flink.table;

import java.time.Instant;
import java.util.function.BiPredicate;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.io.FileIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;

/** {@link OpenUploads} by the client that the tables' own files go through. */
final class S3Uploads {
  static final String SCHEME = "s3://";

  private static final Logger LOG = LoggerFactory.getLogger(S3Uploads.class);

  private S3Uploads() {}

  static int abort(FileIO io, String folder, BiPredicate<String, Instant> dead) {
    S3Client client = ((S3FileIO) io).client(folder);
    int slash = folder.indexOf('/', SCHEME.length());
    String bucket = folder.substring(SCHEME.length(), slash);
    String path = folder.substring(slash + 1);
    String prefix = path.endsWith("/") ? path : path + "/";
    int living = 0;
    for (MultipartUpload upload :
        client
            .listMultipartUploadsPaginator(list -> list.bucket(bucket).prefix(prefix))
            .uploads()) {
      if (!upload.key().startsWith(prefix)) {
        continue;
      }
      if (dead.test(upload.key().substring(prefix.length()), upload.initiated())) {
        abort(client, bucket, upload);
      } else {
        living++;
      }
    }
    return living;
  }

  private static void abort(S3Client client, String bucket, MultipartUpload upload) {
    LOG.info("Aborting the upload of {}, begun {}", upload.key(), upload.initiated());
    try {
      client.abortMultipartUpload(
          abort -> abort.bucket(bucket).key(upload.key()).uploadId(upload.uploadId()));
    } catch (NoSuchUploadException e) {
      LOG.debug("The upload of {} was ended by somebody else", upload.key());
    }
  }
}
