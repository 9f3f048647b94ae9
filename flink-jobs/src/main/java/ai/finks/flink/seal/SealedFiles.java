package ai.finks.flink.seal;

import java.util.List;
import org.apache.iceberg.DataFile;

/** The written files of a sealed period, which no snapshot knows yet. */
public final class SealedFiles {
  private final List<DataFile> files;
  private final RowsIdentity identity;
  private final long superseded;

  SealedFiles(List<DataFile> files, RowsIdentity identity, long superseded) {
    this.files = List.copyOf(files);
    this.identity = identity;
    this.superseded = superseded;
  }

  public List<DataFile> files() {
    return files;
  }

  public long rows() {
    return identity.rows();
  }

  /** Rows that are marked as superseded. */
  public long superseded() {
    return superseded;
  }

  /** Of what was written, as it was read back. */
  public RowsIdentity identity() {
    return identity;
  }

  /** Size of the files. */
  public long bytes() {
    return files.stream().mapToLong(DataFile::fileSizeInBytes).sum();
  }
}
