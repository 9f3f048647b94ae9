package ai.finks.bench.report;

import ai.finks.bench.variant.Lap;
import ai.finks.bench.variant.VariantResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The results of several variants, several runs of each, and how they compare. */
public final class Comparison {
  private final Map<String, List<VariantResult>> results = new LinkedHashMap<>();

  public void add(String variant, VariantResult result) {
    results.computeIfAbsent(variant, name -> new ArrayList<>()).add(result);
  }

  /** The variants that have run, in the order of their first runs. */
  public List<String> variants() {
    return List.copyOf(results.keySet());
  }

  public List<VariantResult> of(String variant) {
    return List.copyOf(results.getOrDefault(variant, List.of()));
  }

  /** Records per second of the last lap of each run: everything is compiled and loaded by then. */
  public List<Double> warmRates(String variant) {
    return of(variant).stream().map(result -> last(result).steadyRate()).toList();
  }

  /** Records per second of the first lap of each run, from the start of its process. */
  public List<Double> coldRates(String variant) {
    return of(variant).stream().map(result -> result.laps().get(0).wholeRate()).toList();
  }

  public double warmMedian(String variant) {
    return median(warmRates(variant));
  }

  /** How many times as fast one variant is as another, by the medians of their warm rates. */
  public double ratio(String ours, String peer) {
    return warmMedian(ours) / warmMedian(peer);
  }

  public boolean has(String variant) {
    return results.containsKey(variant);
  }

  private static Lap last(VariantResult result) {
    return result.laps().get(result.laps().size() - 1);
  }

  /** The middle of the values, or the mean of the middle two. */
  public static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
