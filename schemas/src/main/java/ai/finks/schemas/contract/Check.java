package ai.finks.schemas.contract;

import java.util.Objects;

/** A condition that every row of a contract must fulfil. */
public final class Check {

  private final String name;
  private final String text;
  private final Condition condition;
  private final Severity severity;

  Check(String name, String text, Condition condition, Severity severity) {
    this.name = Objects.requireNonNull(name);
    this.text = Objects.requireNonNull(text);
    this.condition = Objects.requireNonNull(condition);
    this.severity = Objects.requireNonNull(severity);
  }

  public String name() {
    return name;
  }

  /** The condition as it is written in the contract. */
  public String text() {
    return text;
  }

  /** The condition, parsed and typechecked. */
  public Condition condition() {
    return condition;
  }

  public Severity severity() {
    return severity;
  }

  @Override
  public String toString() {
    return name + ": " + text;
  }
}
