package ai.finks.stack.cli;

import org.jspecify.annotations.Nullable;

/** A command ends without its result; the message says what, where and what to do. */
final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  private CommandFailure(ExitCode exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  static CommandFailure usage(String message) {
    return new CommandFailure(ExitCode.USAGE, message, null);
  }

  static CommandFailure data(String message) {
    return new CommandFailure(ExitCode.DATA, message, null);
  }

  static CommandFailure platform(String message) {
    return new CommandFailure(ExitCode.PLATFORM, message, null);
  }

  static CommandFailure platform(String message, Throwable cause) {
    return new CommandFailure(ExitCode.PLATFORM, message, cause);
  }

  /** A part that ran for the command ended with that code, and has said why. */
  static CommandFailure of(int exitCode, String message) {
    for (ExitCode known : ExitCode.values()) {
      if (known.code() == exitCode) {
        return new CommandFailure(known, message, null);
      }
    }
    return platform(message);
  }

  ExitCode exitCode() {
    return exitCode;
  }
}
