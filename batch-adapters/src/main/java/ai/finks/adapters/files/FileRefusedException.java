package ai.finks.adapters.files;

import java.io.IOException;

/** A file that is not what it should be; the message says what it is instead. */
final class FileRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  FileRefusedException(String message) {
    super(message);
  }
}
