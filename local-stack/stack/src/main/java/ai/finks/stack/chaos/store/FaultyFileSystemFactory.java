package ai.finks.stack.chaos.store;

import java.net.URI;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;

/** Lets Flink open paths of the scheme {@value FaultyFileSystem#SCHEME}. */
public final class FaultyFileSystemFactory implements FileSystemFactory {
  @Override
  public String getScheme() {
    return FaultyFileSystem.SCHEME;
  }

  @Override
  public FileSystem create(URI root) {
    return new FaultyFileSystem();
  }
}
