package ai.finks.stack.chaos.store;

import ai.finks.stack.chaos.store.StoreFaults.Operation;
import java.io.IOException;
import java.net.URI;
import org.apache.flink.core.fs.BlockLocation;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemKind;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Bronze's objects, on a store that fails as {@link StoreFaults} says: {@code faulty:/path}. */
public final class FaultyFileSystem extends FileSystem {
  /** The scheme of its paths. */
  public static final String SCHEME = "faulty";

  private final FileSystem files = LocalFileSystem.getSharedInstance();

  @Override
  public Path getWorkingDirectory() {
    return files.getWorkingDirectory();
  }

  @Override
  public Path getHomeDirectory() {
    return files.getHomeDirectory();
  }

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    return files.getFileStatus(path);
  }

  @Override
  public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long length)
      throws IOException {
    return files.getFileBlockLocations(file, start, length);
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    return open(path);
  }

  @Override
  public FSDataInputStream open(Path path) throws IOException {
    StoreFaults.before(Operation.READ, path.getPath());
    return files.open(path);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    return files.listStatus(path);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    StoreFaults.before(Operation.DELETE, path.getPath());
    return files.delete(path, recursive);
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    return files.mkdirs(path);
  }

  @Override
  public FSDataOutputStream create(Path path, WriteMode mode) throws IOException {
    StoreFaults.before(Operation.CREATE, path.getPath());
    return files.create(path, mode);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return files.rename(from, to);
  }

  @Override
  public boolean isDistributedFS() {
    return files.isDistributedFS();
  }

  @Override
  @Deprecated
  public FileSystemKind getKind() {
    return files.getKind();
  }

  @Override
  public RecoverableWriter createRecoverableWriter() throws IOException {
    return new Writer(files.createRecoverableWriter());
  }

  private record Writer(RecoverableWriter writer) implements RecoverableWriter {
    @Override
    public RecoverableFsDataOutputStream open(Path path) throws IOException {
      StoreFaults.before(Operation.CREATE, path.getPath());
      return new Stream(writer.open(path), path.getPath());
    }

    @Override
    public RecoverableFsDataOutputStream recover(ResumeRecoverable resumable) throws IOException {
      return new Stream(writer.recover(resumable), "a resumed file");
    }

    @Override
    public boolean requiresCleanupOfRecoverableState() {
      return writer.requiresCleanupOfRecoverableState();
    }

    @Override
    public boolean cleanupRecoverableState(ResumeRecoverable resumable) throws IOException {
      return writer.cleanupRecoverableState(resumable);
    }

    @Override
    public RecoverableFsDataOutputStream.Committer recoverForCommit(CommitRecoverable recoverable)
        throws IOException {
      return new Publication(writer.recoverForCommit(recoverable));
    }

    @Override
    public SimpleVersionedSerializer<CommitRecoverable> getCommitRecoverableSerializer() {
      return writer.getCommitRecoverableSerializer();
    }

    @Override
    public SimpleVersionedSerializer<ResumeRecoverable> getResumeRecoverableSerializer() {
      return writer.getResumeRecoverableSerializer();
    }

    @Override
    public boolean supportsResume() {
      return writer.supportsResume();
    }
  }

  private record Publication(RecoverableFsDataOutputStream.Committer committer)
      implements RecoverableFsDataOutputStream.Committer {
    @Override
    public void commit() throws IOException {
      StoreFaults.before(Operation.PUBLISH, "an object");
      committer.commit();
      StoreFaults.after(Operation.PUBLISH, "an object");
    }

    @Override
    public void commitAfterRecovery() throws IOException {
      StoreFaults.before(Operation.PUBLISH, "an object");
      committer.commitAfterRecovery();
      StoreFaults.after(Operation.PUBLISH, "an object");
    }

    @Override
    public RecoverableWriter.CommitRecoverable getRecoverable() {
      return committer.getRecoverable();
    }
  }

  private static final class Stream extends RecoverableFsDataOutputStream {
    private final RecoverableFsDataOutputStream out;
    private final String path;

    Stream(RecoverableFsDataOutputStream out, String path) {
      this.out = out;
      this.path = path;
    }

    @Override
    public RecoverableWriter.ResumeRecoverable persist() throws IOException {
      return out.persist();
    }

    @Override
    public Committer closeForCommit() throws IOException {
      StoreFaults.before(Operation.CLOSE, path);
      Committer committer = out.closeForCommit();
      StoreFaults.after(Operation.CLOSE, path);
      return committer;
    }

    @Override
    public long getPos() throws IOException {
      return out.getPos();
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
    public void sync() throws IOException {
      out.sync();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
