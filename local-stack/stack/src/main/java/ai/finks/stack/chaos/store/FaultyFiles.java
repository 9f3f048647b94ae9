package ai.finks.stack.chaos.store;

import ai.finks.stack.chaos.store.StoreFaults.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.iceberg.hadoop.HadoopFileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;

/** The files of Iceberg's tables, on a store that fails as {@link StoreFaults} says. */
public final class FaultyFiles extends HadoopFileIO {
  private static final long serialVersionUID = 1L;

  @Override
  public InputFile newInputFile(String path) {
    return new Input(super.newInputFile(path));
  }

  @Override
  public InputFile newInputFile(String path, long length) {
    return new Input(super.newInputFile(path, length));
  }

  @Override
  public OutputFile newOutputFile(String path) {
    return new Output(super.newOutputFile(path));
  }

  @Override
  public void deleteFile(String path) {
    before(Operation.DELETE, path);
    super.deleteFile(path);
    after(Operation.DELETE, path);
  }

  private static void before(Operation operation, String path) {
    try {
      StoreFaults.before(operation, path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void after(Operation operation, String path) {
    try {
      StoreFaults.after(operation, path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Input(InputFile file) implements InputFile {
    @Override
    public long getLength() {
      return file.getLength();
    }

    @Override
    public SeekableInputStream newStream() {
      before(Operation.READ, file.location());
      return file.newStream();
    }

    @Override
    public String location() {
      return file.location();
    }

    @Override
    public boolean exists() {
      return file.exists();
    }
  }

  private record Output(OutputFile file) implements OutputFile {
    @Override
    public PositionOutputStream create() {
      before(Operation.CREATE, file.location());
      return new Stream(file.create(), file.location());
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      before(Operation.CREATE, file.location());
      return new Stream(file.createOrOverwrite(), file.location());
    }

    @Override
    public String location() {
      return file.location();
    }

    @Override
    public InputFile toInputFile() {
      return new Input(file.toInputFile());
    }
  }

  private static final class Stream extends PositionOutputStream {
    private final PositionOutputStream out;
    private final String path;
    private boolean closed;

    Stream(PositionOutputStream out, String path) {
      this.out = out;
      this.path = path;
    }

    @Override
    public long getPos() throws IOException {
      return out.getPos();
    }

    @Override
    public long storedLength() throws IOException {
      return out.storedLength();
    }

    @Override
    public void write(int octet) throws IOException {
      out.write(octet);
    }

    @Override
    public void write(byte[] bytes, int at, int length) throws IOException {
      StoreFaults.before(Operation.WRITE, path);
      out.write(bytes, at, length);
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      try {
        StoreFaults.before(Operation.CLOSE, path);
      } finally {
        out.close();
      }
      StoreFaults.after(Operation.CLOSE, path);
    }
  }
}
