package ai.finks.flink.table;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/** The files of a table on a store that is slow, fails or is full when a test asks for it. */
public final class FaultyFiles implements FileIO {
  private static final long serialVersionUID = 1;
  private static final Fault NONE = (location, position) -> {};
  private static final AtomicReference<Fault> FAULT = new AtomicReference<>(NONE);

  private final FileIO files;

  FaultyFiles(FileIO files) {
    this.files = files;
  }

  /** What happens ahead of each write to a file, and before it is closed. */
  @FunctionalInterface
  public interface Fault {
    /**
     * @param position the bytes that were written so far
     */
    void meet(String location, long position) throws IOException;
  }

  /** All files that are written from now on meet the fault. */
  public static void inject(Fault fault) {
    FAULT.set(fault);
  }

  static void heal() {
    FAULT.set(NONE);
  }

  @Override
  public InputFile newInputFile(String path) {
    return files.newInputFile(path);
  }

  @Override
  public OutputFile newOutputFile(String path) {
    return new FaultyOutput(files.newOutputFile(path));
  }

  @Override
  public void deleteFile(String path) {
    files.deleteFile(path);
  }

  private static final class FaultyOutput implements OutputFile {
    private final OutputFile file;

    FaultyOutput(OutputFile file) {
      this.file = file;
    }

    @Override
    public PositionOutputStream create() {
      return new FaultyStream(file.location(), file.create());
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      return new FaultyStream(file.location(), file.createOrOverwrite());
    }

    @Override
    public String location() {
      return file.location();
    }

    @Override
    public InputFile toInputFile() {
      return file.toInputFile();
    }
  }

  private static final class FaultyStream extends PositionOutputStream {
    private final String location;
    private final PositionOutputStream out;

    FaultyStream(String location, PositionOutputStream out) {
      this.location = location;
      this.out = out;
    }

    @Override
    public long getPos() throws IOException {
      return out.getPos();
    }

    @Override
    public void write(int value) throws IOException {
      FAULT.get().meet(location, out.getPos());
      out.write(value);
    }

    @Override
    public void write(byte[] values, int start, int length) throws IOException {
      FAULT.get().meet(location, out.getPos());
      out.write(values, start, length);
    }

    @Override
    public void close() throws IOException {
      FAULT.get().meet(location, out.getPos());
      out.close();
    }
  }
}
