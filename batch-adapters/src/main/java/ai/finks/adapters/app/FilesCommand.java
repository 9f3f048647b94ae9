package ai.finks.adapters.app;

import ai.finks.adapters.files.FileAdapter;
import ai.finks.adapters.files.FilesRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code files}. */
@Command(
    name = "files",
    description = "CSV, JSON lines or JSON arrays from files; also .gz and .zst.",
    mixinStandardHelpOptions = true)
public final class FilesCommand implements Callable<Integer> {
  @Mixin private RunOptions run = new RunOptions();

  @Option(names = "--binding", required = true, description = "What they hold: SOURCE.ENTITY.")
  private String binding = "";

  @Parameters(paramLabel = "PATH", arity = "1..*", description = "The files, in this order.")
  private List<Path> paths = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    return run.run(FileAdapter.of(FilesRequest.of(binding, paths), run.stream(binding)));
  }
}
