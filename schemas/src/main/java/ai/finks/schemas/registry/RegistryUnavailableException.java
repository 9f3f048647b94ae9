package ai.finks.schemas.registry;

import org.jspecify.annotations.Nullable;

/** The registry could not be reached or failed; asking again later may work. */
public final class RegistryUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public RegistryUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
