package ai.finks.schemas.value;

/** An option of a field's binding has no meaning for the field. */
public final class OptionMismatchException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final String option;

  OptionMismatchException(String option, String message) {
    super(message);
    this.option = option;
  }

  /** The option's key in the binding. */
  public String option() {
    return option;
  }
}
