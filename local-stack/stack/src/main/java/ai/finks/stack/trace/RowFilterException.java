package ai.finks.stack.trace;

/** An expression over columns that cannot be used; the message says where and what to write. */
public final class RowFilterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RowFilterException(String message) {
    super(message);
  }

  /** Says what is wrong at a place of an expression; not its texts, which may be personal. */
  static RowFilterException at(int position, String problem) {
    return new RowFilterException(String.format("at position %d: %s", position + 1, problem));
  }
}
