package ai.finks.stack.trace;

/** An expression over columns that cannot be used; the message says where and what to write. */
public final class RowFilterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RowFilterException(String message) {
    super(message);
  }

  /** Says what is wrong at a place of an expression. */
  static RowFilterException at(String expression, int position, String problem) {
    return new RowFilterException(
        String.format("at position %d of \"%s\": %s", position + 1, expression, problem));
  }
}
