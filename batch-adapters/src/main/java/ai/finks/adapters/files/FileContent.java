package ai.finks.adapters.files;

import ai.finks.adapters.core.ContentKind;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * A file's content without its compression, which the first bytes tell, whatever the file's name
 * says.
 */
final class FileContent implements AutoCloseable {
  private static final int BUFFER_BYTES = 256 * 1024;
  private static final int HEAD_BYTES = 16 * 1024;
  // 128 MiB, what `zstd --long` uses.
  private static final int ZSTD_WINDOW_LOG = 27;

  private final InputStream stream;
  private final ContentKind kind;
  private final Optional<String> oddity;

  private FileContent(InputStream stream, ContentKind kind, Optional<String> oddity) {
    this.stream = stream;
    this.kind = kind;
    this.oddity = oddity;
  }

  /**
   * @param markup whether HTML or XML is taken for text too
   * @throws FileRefusedException when the file holds no text
   */
  static FileContent open(Path path, boolean markup) throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES);
    try {
      ContentKind outer = ContentKind.of(head(raw));
      InputStream content = decompress(raw, outer);
      ContentKind inner = content == raw ? outer : ContentKind.of(head(content));
      switch (inner) {
        case EMPTY -> throw new FileRefusedException("is empty");
        case GZIP, ZSTD -> throw new FileRefusedException("is compressed twice");
        case ARCHIVE, UTF_16, BINARY, JSON_INDENTED ->
            throw new FileRefusedException(inner.description());
        default -> {
          if (inner == ContentKind.MARKUP && !markup) {
            throw new FileRefusedException(inner.description());
          }
          return new FileContent(content, inner, oddity(path, outer));
        }
      }
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  private static InputStream decompress(InputStream raw, ContentKind outer) throws IOException {
    return switch (outer) {
      case GZIP -> new BufferedInputStream(new GZIPInputStream(raw, BUFFER_BYTES), BUFFER_BYTES);
      case ZSTD -> {
        ZstdInputStream zstd = new ZstdInputStream(raw);
        zstd.setLongMax(ZSTD_WINDOW_LOG);
        yield new BufferedInputStream(zstd, BUFFER_BYTES);
      }
      default -> raw;
    };
  }

  private static byte[] head(InputStream in) throws IOException {
    in.mark(HEAD_BYTES);
    byte[] head = in.readNBytes(HEAD_BYTES);
    in.reset();
    return head;
  }

  private static Optional<String> oddity(Path path, ContentKind outer) {
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    ContentKind named =
        name.endsWith(".gz") ? ContentKind.GZIP : name.endsWith(".zst") ? ContentKind.ZSTD : null;
    boolean compressed = outer == ContentKind.GZIP || outer == ContentKind.ZSTD;
    if (named == outer || (named == null && !compressed)) {
      return Optional.empty();
    }
    return Optional.of(
        path.getFileName()
            + " "
            + (compressed ? outer.description() : "is not compressed")
            + ", other than its name says; it is read as what it is");
  }

  InputStream stream() {
    return stream;
  }

  ContentKind kind() {
    return kind;
  }

  /** What a user may want to know about the name. */
  Optional<String> oddity() {
    return oddity;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
