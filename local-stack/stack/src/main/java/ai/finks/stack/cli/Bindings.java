package ai.finks.stack.cli;

import ai.finks.adapters.RawStream;
import ai.finks.schemas.InvalidSchemasException;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.binding.Binding;

/** The checkout's contracts and bindings, as commands need them. */
final class Bindings {
  private Bindings() {}

  /** All of them, or a failure that names file and line of every problem. */
  static SchemaCatalog catalog() {
    try {
      return SchemaCatalog.load(CommonOptions.root().resolve("schemas"));
    } catch (InvalidSchemasException e) {
      throw CommandFailure.usage("Contracts or bindings are wrong:\n" + e.getMessage());
    }
  }

  /** The binding of that name, or a failure that lists those there are. */
  static Binding binding(SchemaCatalog catalog, String name) {
    return catalog
        .binding(name)
        .orElseThrow(
            () ->
                CommandFailure.usage(
                    "There is no binding "
                        + name
                        + "; there are: "
                        + catalog.bindings().stream().map(Binding::name).sorted().toList()));
  }

  /** The raw stream that the binding of that name reads. */
  static RawStream stream(String name) {
    return RawStream.of(binding(catalog(), name));
  }
}
