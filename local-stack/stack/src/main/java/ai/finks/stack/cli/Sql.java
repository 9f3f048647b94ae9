package ai.finks.stack.cli;

/** Pieces of SQL. */
final class Sql {
  private Sql() {}

  /** A text as a literal. */
  static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }
}
