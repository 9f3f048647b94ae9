package ai.finks.bench.variant;

import ai.finks.bench.host.ParentWatch;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What the processes of all variants have in common: they end with their parent and their work. */
final class VariantProcess {
  private VariantProcess() {}

  /** What a process does. */
  @FunctionalInterface
  interface Work {
    void run(VariantSetup setup) throws Exception;
  }

  /**
   * Works by the setup file that the first argument names, then ends the JVM: 0, or 1 if it failed.
   */
  static void main(String[] arguments, Work work) {
    ParentWatch.start();
    int exitCode = 1;
    try {
      work.run(VariantSetup.load(Path.of(arguments[0])));
      exitCode = 0;
    } catch (Exception e) {
      e.printStackTrace();
    }
    // Whatever threads an engine leaves behind, the work is done or has failed.
    System.exit(exitCode);
  }

  /** When this JVM began, on the clock of {@link System#nanoTime}. */
  static long jvmStart() {
    long age = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    return System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(age);
  }
}
