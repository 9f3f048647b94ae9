package ai.finks.flink.bronze.io;

import ai.finks.flink.bronze.core.BronzeEnvelope;
import ai.finks.flink.bronze.core.ObjectLineReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import org.apache.flink.core.fs.Path;

/** Reads objects of Bronze back, line by line, from any file system that Flink knows. */
public final class BronzeReader {
  private final String lakeRoot;

  /**
   * @param lakeRoot URI or local path that the ledger's paths are below
   */
  public BronzeReader(String lakeRoot) {
    this.lakeRoot = lakeRoot;
  }

  /**
   * Hands on every line of an object, in its order.
   *
   * @param path as the ledger has it
   * @return number of lines
   */
  public long read(String path, Consumer<BronzeEnvelope> to) throws IOException {
    Path object = new Path(lakeRoot, path);
    try (InputStream in = object.getFileSystem().open(object)) {
      return read(in, to).lines();
    }
  }

  /**
   * Hands on every line of a stream. Memory: the longest line.
   *
   * @return what was read
   * @throws IllegalArgumentException where a line is not Bronze's or the last one is cut
   */
  static ObjectLineReader read(InputStream in, Consumer<BronzeEnvelope> to) throws IOException {
    ObjectLineReader lines = new ObjectLineReader(in);
    for (BronzeEnvelope line = lines.next(); line != null; line = lines.next()) {
      to.accept(line);
    }
    if (lines.left() > 0) {
      throw new IllegalArgumentException("The last line is cut after " + lines.left() + " bytes");
    }
    return lines;
  }
}
