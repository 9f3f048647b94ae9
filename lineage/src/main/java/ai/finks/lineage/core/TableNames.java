package ai.finks.lineage.core;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of tables by where they lie in the lake. */
public final class TableNames {
  private static final Pattern ENTITY =
      Pattern.compile("(?:.*/)?(silver|quarantine|marks)/entity=([^/]+)/?");
  private static final Pattern ACCOUNTING = Pattern.compile("(?:.*/)?accounting/([^/]+)/?");
  private static final Pattern DATASET =
      Pattern.compile("(?:.*/)?gold/domain=[^/]+/dataset=([^/]+)/version=[^/]+/?");
  private static final Pattern LEDGER = Pattern.compile("(?:.*/)?bronze/_ledger/?");

  private TableNames() {}

  /** The table whose files lie at that location; empty if it is none of the lake's. */
  public static Optional<String> ofLocation(String location) {
    Matcher entity = ENTITY.matcher(location);
    if (entity.matches()) {
      String suffix = entity.group(1).equals("silver") ? "_versions" : "";
      return Optional.of(entity.group(1) + "." + entity.group(2) + suffix);
    }
    Matcher accounting = ACCOUNTING.matcher(location);
    if (accounting.matches()) {
      return Optional.of("accounting." + accounting.group(1));
    }
    Matcher dataset = DATASET.matcher(location);
    if (dataset.matches()) {
      return Optional.of("gold." + dataset.group(1));
    }
    return LEDGER.matcher(location).matches() ? Optional.of("bronze.files") : Optional.empty();
  }
}
