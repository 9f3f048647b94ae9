package ai.finks.schemas;

import java.util.List;
import java.util.stream.Collectors;

/** Contracts or bindings are wrong; the message lists every problem with its file and line. */
public final class InvalidSchemasException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<SchemaProblem> problems;

  public InvalidSchemasException(List<SchemaProblem> problems) {
    super(problems.stream().map(SchemaProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  public List<SchemaProblem> problems() {
    return problems;
  }
}
