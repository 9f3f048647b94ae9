package ai.finks.adapters.fmp;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A call that brought no data. The message holds neither the key nor the answer's payload. */
final class FmpException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Whose fault it is, and so what to do. */
  enum Reason {
    /** The service knows the request and says no; asking again changes nothing. */
    REFUSED(false, true),
    /** The key is wrong: every call will be refused. */
    KEY_REFUSED(false, false),
    /** Too many calls. */
    RATE_LIMITED(true, false),
    /** The service failed, or something between it and us. */
    SERVER_FAILED(true, false),
    /** No answer, or not all of it. */
    INTERRUPTED_ANSWER(true, false),
    /** An answer that is not what the API promises. */
    UNEXPECTED_ANSWER(true, false),
    /** No good answer to any call for too long. */
    SERVICE_DOWN(false, false),
    /** The service asks for a longer pause than an execution waits. */
    PAUSE_TOO_LONG(false, false);

    final boolean mayPass;
    final boolean definitive;

    Reason(boolean mayPass, boolean definitive) {
      this.mayPass = mayPass;
      this.definitive = definitive;
    }
  }

  private final Reason reason;
  private final @Nullable Integer status;
  private final transient @Nullable Duration retryAfter;

  FmpException(Reason reason, @Nullable Integer status, String message) {
    this(reason, status, message, null);
  }

  FmpException(
      Reason reason, @Nullable Integer status, String message, @Nullable Duration retryAfter) {
    super(message);
    this.reason = reason;
    this.status = status;
    this.retryAfter = retryAfter;
  }

  Reason reason() {
    return reason;
  }

  /** HTTP status, or null when there was no answer. */
  @Nullable Integer status() {
    return status;
  }

  /** How long the service asks to wait, if it does. */
  @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
