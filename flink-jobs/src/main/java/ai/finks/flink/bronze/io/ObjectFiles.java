package ai.finks.flink.bronze.io;

import ai.finks.flink.table.JobStoppedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.fs.RecoverableWriter.CommitRecoverable;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.flink.util.IOUtils;

/**
 * The files of Bronze, on any file system that Flink has a recoverable writer for. Paths are below
 * the root. A file that is written becomes visible, whole, when it is published.
 */
final class ObjectFiles {
  private final Path root;
  private final FileSystem files;
  private final RecoverableWriter writer;

  /**
   * @param root folder of Bronze, as a URI or a local path
   */
  ObjectFiles(String root) throws IOException {
    this.root = new Path(root);
    this.files = this.root.getFileSystem();
    this.writer = files.createRecoverableWriter();
  }

  /** Writes a file that nobody sees yet and returns what {@link #publish} needs, in any process. */
  byte[] write(String path, byte[] bytes, int length) throws IOException {
    RecoverableFsDataOutputStream out = writer.open(new Path(root, path));
    boolean handedOver = false;
    try {
      out.write(bytes, 0, length);
      CommitRecoverable written = out.closeForCommit().getRecoverable();
      handedOver = true;
      return SimpleVersionedSerialization.writeVersionAndSerialize(
          writer.getCommitRecoverableSerializer(), written);
    } finally {
      if (!handedOver) {
        // Only then: the stream of an object store cannot be closed a second time.
        IOUtils.closeQuietly(out);
      }
    }
  }

  /**
   * Makes the file visible; does nothing where it already is.
   *
   * @throws JobStoppedException if the file is gone: file systems stay silent then
   */
  void publish(PendingObject object) throws IOException {
    CommitRecoverable recoverable =
        SimpleVersionedSerialization.readVersionAndDeSerialize(
            writer.getCommitRecoverableSerializer(), object.recoverable());
    writer.recoverForCommit(recoverable).commitAfterRecovery();
    long found = length(object.path());
    if (found != object.content().bytes()) {
      throw new JobStoppedException(
          "Object "
              + object.path()
              + " below "
              + root
              + " should have "
              + object.content().bytes()
              + " bytes and "
              + (found < 0 ? "is not there" : "has " + found)
              + ". Start the job without state: it continues from the ledger and reads the range"
              + " again.");
    }
  }

  /** The files of a folder, visible or not; empty where there is no folder. */
  List<FileStatus> list(String folder) throws IOException {
    try {
      FileStatus[] found = files.listStatus(new Path(root, folder));
      return found == null ? List.of() : List.of(found);
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  /** Where a folder lies, as the store names it. */
  String location(String folder) {
    return new Path(root, folder).toString();
  }

  /** Deletes a file; does nothing where there is none. */
  void delete(String path) throws IOException {
    files.delete(new Path(root, path), false);
  }

  private long length(String path) throws IOException {
    try {
      return files.getFileStatus(new Path(root, path)).getLen();
    } catch (FileNotFoundException e) {
      return -1;
    }
  }
}
