package ai.finks.flink.table;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.inmemory.InMemoryInputFile;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/** Files in memory: visible when they are closed, as in an object store. */
public final class MemoryFiles implements FileIO {
  private static final long serialVersionUID = 1;

  private final transient Map<String, byte[]> files = new ConcurrentHashMap<>();
  private transient volatile Consumer<String> beforeClose = location -> {};

  /** What happens to a file before it becomes visible; an exception keeps it from doing so. */
  public void beforeClose(Consumer<String> action) {
    beforeClose = action;
  }

  Set<String> locations() {
    return new TreeSet<>(files.keySet());
  }

  void copy(String from, String to) {
    files.put(to, content(from));
  }

  private byte[] content(String location) {
    byte[] content = files.get(location);
    if (content == null) {
      throw new NotFoundException("There is no file %s", location);
    }
    return content;
  }

  @Override
  public InputFile newInputFile(String location) {
    return new InMemoryInputFile(location, content(location));
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new MemoryOutput(location);
  }

  @Override
  public void deleteFile(String location) {
    files.remove(location);
  }

  private final class MemoryOutput implements OutputFile {
    private final String location;

    MemoryOutput(String location) {
      this.location = location;
    }

    @Override
    public PositionOutputStream create() {
      if (files.containsKey(location)) {
        throw new AlreadyExistsException("File %s exists", location);
      }
      return createOrOverwrite();
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      return new MemoryStream(location);
    }

    @Override
    public String location() {
      return location;
    }

    @Override
    public InputFile toInputFile() {
      return newInputFile(location);
    }
  }

  private final class MemoryStream extends PositionOutputStream {
    private final String location;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean closed;

    MemoryStream(String location) {
      this.location = location;
    }

    @Override
    public long getPos() {
      return bytes.size();
    }

    @Override
    public void write(int value) {
      bytes.write(value);
    }

    @Override
    public void write(byte[] values, int start, int length) {
      bytes.write(values, start, length);
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        beforeClose.accept(location);
        files.put(location, bytes.toByteArray());
      }
    }
  }
}
