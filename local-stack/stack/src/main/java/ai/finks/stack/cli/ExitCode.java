package ai.finks.stack.cli;

/** What a command's exit code means to scripts. */
public enum ExitCode {
  /** Done. */
  DONE(0),
  /** The data or a gate said no. */
  DATA(1),
  /** Wrong usage or configuration. */
  USAGE(2),
  /** The platform failed. */
  PLATFORM(3);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /** The process's exit code. */
  public int code() {
    return code;
  }
}
