package ai.finks.schemas.registry;

/** The registry refused a schema, for example as incompatible with the subject's last one. */
public final class SchemaRejectedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public SchemaRejectedException(String message) {
    super(message);
  }
}
