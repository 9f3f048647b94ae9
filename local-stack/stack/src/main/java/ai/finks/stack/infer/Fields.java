package ai.finks.stack.infer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Collects the values of each place of a sample. */
final class Fields {
  private static final Set<String> RESERVED = Set.of("year", "month", "day");
  private static final int MAX_NAME = 60;

  private final Map<String, PlaceValues> places = new LinkedHashMap<>();

  PlaceValues of(String place) {
    return places.computeIfAbsent(place, key -> new PlaceValues());
  }

  /** A sketch of each, with names of their own. */
  List<FieldSketch> sketches(int records) {
    List<FieldSketch> sketches = new ArrayList<>();
    Set<String> names = new HashSet<>();
    places.forEach(
        (place, values) -> {
          String name = name(place);
          String unique = name;
          for (int i = 2; !names.add(unique); i++) {
            unique = name + "_" + i;
          }
          sketches.add(FieldSketch.of(unique, place, values, records));
        });
    return sketches;
  }

  /** {@code /order/tradeId} and {@code Trade Id} are both {@code trade_id} (and order's first). */
  static String name(String place) {
    String name =
        place
            .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "_")
            .replaceAll("^_|_$", "");
    if (name.isEmpty() || !Character.isLetter(name.charAt(0)) || RESERVED.contains(name)) {
      name = "field_" + name;
    }
    return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME);
  }
}
