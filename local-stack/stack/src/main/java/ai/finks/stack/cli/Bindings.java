package ai.finks.stack.cli;

import ai.finks.adapters.RawStream;
import ai.finks.schemas.InvalidSchemasException;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.binding.Binding;
import ai.finks.stack.contracts.AppliedContracts;
import ai.finks.stack.home.FinksHome;

/** The contracts and bindings that a home runs with, as commands need them. */
final class Bindings {
  private Bindings() {}

  /**
   * All of them (those of the checkout as long as the home never ran), or a failure that names file
   * and line of every problem.
   */
  static SchemaCatalog catalog(FinksHome home) {
    try {
      return SchemaCatalog.load(
          AppliedContracts.of(home)
              .current()
              .orElseGet(() -> CommonOptions.root().resolve("schemas")));
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
                        + catalog.bindings().stream().map(Binding::name).sorted().toList()
                        + "; a new one is taken in by: ./finks contracts apply"));
  }

  /** The raw stream that the binding of that name reads. */
  static RawStream stream(FinksHome home, String name) {
    return RawStream.of(binding(catalog(home), name));
  }
}
