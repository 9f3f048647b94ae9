package ai.finks.stack.home;

import java.io.IOException;
import java.nio.file.Path;

/** A process that takes a home's lock, says so, and keeps it until it is killed. */
final class LockHolder {
  private LockHolder() {}

  static Process start(FinksHome home) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                home.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.getInputStream().read() != '+') {
      throw new IOException("The holder did not get the lock");
    }
    return process;
  }

  public static void main(String[] arguments) throws Exception {
    try (HomeLock lock = HomeLock.tryAcquire(FinksHome.at(Path.of(arguments[0]))).orElseThrow()) {
      System.out.print(lock == null ? '-' : '+');
      System.out.flush();
      // Ends with the test at the latest, whose end closes the input.
      System.in.read();
    }
  }
}
