package ai.finks.stack.embedded;

import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.HomeMode;
import java.util.ArrayList;
import java.util.List;

/** Options of the stack's JVM. */
final class JvmOptions {
  private JvmOptions() {}

  static List<String> forStack(FinksHome home, HomeMode mode) {
    List<String> options = new ArrayList<>();
    // Where broker and Flink are processes, little is left to do here.
    options.add(mode == HomeMode.EMBEDDED ? "-Xms1g" : "-Xms128m");
    options.add(mode == HomeMode.EMBEDDED ? "-Xmx3g" : "-Xmx1g");
    options.add("-XX:+UseParallelGC");
    options.add("-Xshare:auto");
    options.add("-XX:+ExitOnOutOfMemoryError");
    options.add("-Djava.io.tmpdir=" + home.scratch());
    options.add("-Dfinks.logs=" + home.logs());
    options.add("-Dlogback.configurationFile=ai/finks/stack/logback-stack.xml");
    options.add("-Dorg.xerial.snappy.tempdir=" + home.scratch());
    // Flink's and Hadoop's serialisers reach into these.
    for (String opened :
        List.of("lang", "util", "nio", "net", "time", "math", "text", "util.concurrent")) {
      options.add("--add-opens=java.base/java." + opened + "=ALL-UNNAMED");
    }
    options.add("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
    return options;
  }
}
