package ai.finks.schemas;

import java.util.Objects;

/** One thing that is wrong in a contract or a binding, and where. Lines count from 1. */
public final class SchemaProblem {

  private final String file;
  private final int line;
  private final String message;

  public SchemaProblem(String file, int line, String message) {
    this.file = Objects.requireNonNull(file);
    this.line = line;
    this.message = Objects.requireNonNull(message);
  }

  public String file() {
    return file;
  }

  public int line() {
    return line;
  }

  public String message() {
    return message;
  }

  /** {@code file:line: message}, as compilers print it. */
  @Override
  public String toString() {
    return file + ":" + line + ": " + message;
  }
}
