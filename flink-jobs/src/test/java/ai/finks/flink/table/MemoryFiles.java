package ai.finks.flink.table;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.inmemory.InMemoryInputFile;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.io.SupportsPrefixOperations;

/** Files in memory: visible when they are closed, as in an object store. */
public final class MemoryFiles implements SupportsPrefixOperations {
  private static final long serialVersionUID = 1;

  private final transient Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final transient Map<String, Long> createdAtMillis = new ConcurrentHashMap<>();
  private transient volatile Consumer<String> beforeClose = location -> {};
  private transient volatile LongSupplier clock = System::currentTimeMillis;

  /** When files are created from now on, as they say. */
  public void clock(LongSupplier millis) {
    clock = millis;
  }

  @Override
  public Iterable<FileInfo> listPrefix(String prefix) {
    return files.entrySet().stream()
        .filter(file -> file.getKey().startsWith(prefix))
        .map(
            file ->
                new FileInfo(
                    file.getKey(),
                    file.getValue().length,
                    createdAtMillis.getOrDefault(file.getKey(), 0L)))
        .toList();
  }

  @Override
  public void deletePrefix(String prefix) {
    files.keySet().removeIf(location -> location.startsWith(prefix));
  }

  /** What happens to a file before it becomes visible; an exception keeps it from doing so. */
  public void beforeClose(Consumer<String> action) {
    beforeClose = action;
  }

  public Set<String> locations() {
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
    byte[] content = files.get(location);
    return content == null ? new Missing(location) : new InMemoryInputFile(location, content);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new MemoryOutput(location);
  }

  @Override
  public void deleteFile(String location) {
    files.remove(location);
  }

  /** A place where nothing is. */
  private static final class Missing implements InputFile {
    private final String location;

    Missing(String location) {
      this.location = location;
    }

    @Override
    public boolean exists() {
      return false;
    }

    @Override
    public String location() {
      return location;
    }

    @Override
    public long getLength() {
      throw new NotFoundException("There is no file %s", location);
    }

    @Override
    public SeekableInputStream newStream() {
      throw new NotFoundException("There is no file %s", location);
    }
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
        createdAtMillis.put(location, clock.getAsLong());
        files.put(location, bytes.toByteArray());
      }
    }
  }
}
