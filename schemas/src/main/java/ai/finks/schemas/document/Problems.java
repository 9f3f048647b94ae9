package ai.finks.schemas.document;

import ai.finks.schemas.SchemaProblem;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong while documents are read, so that one look shows all of it. */
public final class Problems {

  private final List<SchemaProblem> found = new ArrayList<>();

  public void add(Node at, String message) {
    add(at.file(), at.line(), message);
  }

  public void add(String file, int line, String message) {
    found.add(new SchemaProblem(file, line, message));
  }

  public int count() {
    return found.size();
  }

  /** What was found so far. */
  public List<SchemaProblem> list() {
    return List.copyOf(found);
  }
}
