package ai.finks.bench.variant;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * How many records the sources of the running job have read, by Flink's own counters: the same
 * measure for every engine variant, whatever its operators are. Found by Flink as a service.
 */
public final class SourceReads implements MetricReporterFactory {
  private static final Map<Metric, Counter> COUNTERS = new ConcurrentHashMap<>();
  private static final String OPERATOR = "<operator_name>";

  /** Records read so far; a moment late, never ahead. */
  static long total() {
    Collection<Counter> counters = COUNTERS.values();
    return counters.stream().mapToLong(Counter::getCount).sum();
  }

  /** Forgets the counters of a job that has ended. */
  static void reset() {
    COUNTERS.clear();
  }

  @Override
  public MetricReporter createMetricReporter(Properties properties) {
    return new Reporter();
  }

  private static final class Reporter implements MetricReporter {
    private static final List<String> WANTED = List.of("numRecordsIn");

    @Override
    public void open(MetricConfig config) {
      // Nothing to set up.
    }

    @Override
    public void close() {
      reset();
    }

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
      String operator = group.getAllVariables().get(OPERATOR);
      if (metric instanceof Counter counter
          && WANTED.contains(name)
          && operator != null
          && operator.startsWith("Source: ")) {
        COUNTERS.put(metric, counter);
      }
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
      // The counts of a finished source still count.
    }
  }
}
