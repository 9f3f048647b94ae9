package ai.finks.flink;

import ai.finks.flink.bronze.BronzeConfig;
import ai.finks.flink.bronze.BronzeJob;
import ai.finks.flink.rebuild.RebuildConfig;
import ai.finks.flink.rebuild.RebuildJob;
import ai.finks.flink.seal.SealConfig;
import ai.finks.flink.seal.SealJob;
import ai.finks.flink.silver.SilverConfig;
import ai.finks.flink.silver.SilverJob;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application jar's entry: {@code bronze|silver|seal|rebuild [--config FILE] [--KEY VALUE |
 * --KEY]...}.
 *
 * <p>Keys are those of {@link BronzeConfig}, {@link SilverConfig}, {@link SealConfig} and {@link
 * RebuildConfig}; a key without a value means {@code true}. Arguments win over the properties file.
 */
public final class FinksJobs {
  private static final Logger LOG = LoggerFactory.getLogger(FinksJobs.class);
  private static final String OPTION = "--";
  private static final String CONFIG = "config";

  private FinksJobs() {}

  public static void main(String[] args) throws Exception {
    if (args.length == 0) {
      throw usage("no job is named");
    }
    Map<String, String> keys = keys(args);
    if (args[0].equals("rebuild")) {
      RebuildJob.run(
          RebuildConfig.of(keys),
          StreamExecutionEnvironment::getExecutionEnvironment,
          line -> LOG.info("{}", line));
      return;
    }
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    switch (args[0]) {
      case "bronze":
        BronzeJob.define(env, BronzeConfig.of(keys));
        break;
      case "silver":
        SilverJob.define(env, SilverConfig.of(keys));
        break;
      case "seal":
        SealJob.define(env, SealConfig.of(keys));
        break;
      default:
        throw usage("there is no job '" + args[0] + "'");
    }
    env.execute("finks-" + args[0]);
  }

  /** The keys behind the job's name. */
  static Map<String, String> keys(String[] args) throws IOException {
    Map<String, String> keys = new TreeMap<>();
    for (int i = 1; i < args.length; i++) {
      if (!args[i].startsWith(OPTION)) {
        throw usage("'" + args[i] + "' is not an option");
      }
      boolean hasValue = i + 1 < args.length && !args[i + 1].startsWith(OPTION);
      keys.put(args[i].substring(OPTION.length()), hasValue ? args[i + 1] : "true");
      i += hasValue ? 1 : 0;
    }
    String file = keys.remove(CONFIG);
    if (file != null) {
      read(Path.of(file)).forEach(keys::putIfAbsent);
    }
    return keys;
  }

  private static Map<String, String> read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    Map<String, String> keys = new TreeMap<>();
    properties.stringPropertyNames().forEach(key -> keys.put(key, properties.getProperty(key)));
    return keys;
  }

  private static IllegalArgumentException usage(String problem) {
    return new IllegalArgumentException(
        problem + "; usage: bronze|silver|seal|rebuild [--config FILE] [--KEY VALUE | --KEY]...");
  }
}
