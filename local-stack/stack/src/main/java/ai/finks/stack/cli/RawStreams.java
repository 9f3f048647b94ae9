package ai.finks.stack.cli;

import ai.finks.adapters.RawStream;
import ai.finks.schemas.InvalidSchemasException;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.binding.Format;
import ai.finks.schemas.binding.RawKey;

/** Raw streams as their bindings describe them. */
final class RawStreams {
  private RawStreams() {}

  /** The binding of that name, or a failure that lists those there are. */
  static Binding binding(String name) {
    try {
      SchemaCatalog catalog = SchemaCatalog.load(CommonOptions.root().resolve("schemas"));
      return catalog
          .binding(name)
          .orElseThrow(
              () ->
                  CommandFailure.usage(
                      "There is no binding "
                          + name
                          + "; there are: "
                          + catalog.bindings().stream().map(Binding::name).sorted().toList()));
    } catch (InvalidSchemasException e) {
      throw CommandFailure.usage("Contracts or bindings are wrong:\n" + e.getMessage());
    }
  }

  /** The raw stream that the binding of that name reads. */
  static RawStream of(String name) {
    return of(binding(name));
  }

  /** The raw stream that {@code binding} reads. */
  static RawStream of(Binding binding) {
    // Taking a key needs buffers that one thread can use at a time.
    ThreadLocal<RawKey> keys = ThreadLocal.withInitial(() -> RawKey.of(binding));
    return new RawStream(
        binding.source(),
        binding.entity(),
        contentType(binding.format()),
        (payload, attributes) -> keys.get().extract(payload, attributes));
  }

  private static String contentType(Format format) {
    return switch (format) {
      case JSON -> "application/json";
      case CSV -> "text/csv";
    };
  }
}
