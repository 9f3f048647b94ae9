package ai.finks.flink.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Local files without a process per file: without its native library Hadoop runs {@code chmod} for
 * each one it creates, which takes longer than writing it, and {@code ls} for each one that a
 * recursive listing comes to, which fails where a job removes files meanwhile.
 */
public final class LocalFiles extends RawLocalFileSystem {
  // In the order of the bits, the lowest first.
  private static final PosixFilePermission[] BITS = {
    PosixFilePermission.OTHERS_EXECUTE,
    PosixFilePermission.OTHERS_WRITE,
    PosixFilePermission.OTHERS_READ,
    PosixFilePermission.GROUP_EXECUTE,
    PosixFilePermission.GROUP_WRITE,
    PosixFilePermission.GROUP_READ,
    PosixFilePermission.OWNER_EXECUTE,
    PosixFilePermission.OWNER_WRITE,
    PosixFilePermission.OWNER_READ
  };

  /** Without owner and permissions, which nobody asks for. */
  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    FileStatus told = super.getFileStatus(path);
    return new FileStatus(
        told.getLen(),
        told.isDirectory(),
        told.getReplication(),
        told.getBlockSize(),
        told.getModificationTime(),
        told.getPath());
  }

  @Override
  public void setPermission(Path path, FsPermission permission) throws IOException {
    int bits = permission.toShort();
    if (bits >>> BITS.length != 0) {
      // Java knows no sticky bit.
      super.setPermission(path, permission);
      return;
    }
    Set<PosixFilePermission> allowed = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < BITS.length; bit++) {
      if ((bits >>> bit & 1) == 1) {
        allowed.add(BITS[bit]);
      }
    }
    try {
      Files.setPosixFilePermissions(pathToFile(path).toPath(), allowed);
    } catch (UnsupportedOperationException e) {
      super.setPermission(path, permission);
    }
  }
}
