package ai.finks.flink.silver;

import java.net.URL;
import org.jspecify.annotations.Nullable;

/** Hadoop would read 300 kB of XML for each Parquet file, to tell its own defaults. */
final class WithoutHadoopDefaults extends ClassLoader {
  private static final ClassLoader INSTANCE =
      new WithoutHadoopDefaults(WithoutHadoopDefaults.class.getClassLoader());

  private WithoutHadoopDefaults(ClassLoader parent) {
    super(parent);
  }

  /** Lets the calling thread do without them from now on. */
  static void inThisThread() {
    Thread.currentThread().setContextClassLoader(INSTANCE);
  }

  @Override
  public @Nullable URL getResource(String name) {
    return name.endsWith("-default.xml") || name.endsWith("-site.xml")
        ? null
        : super.getResource(name);
  }
}
