package ai.finks.stack.cli;

import ai.finks.adapters.files.FileAdapter;
import ai.finks.adapters.files.FilesRequest;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ingest files}. */
@Command(
    name = "files",
    description = "Records of files: CSV, NDJSON, JSON arrays; also as .gz or .zst.")
final class IngestFiles implements Callable<Integer> {
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--binding",
      required = true,
      paramLabel = "SOURCE.ENTITY",
      description = "How the records are to be read; contracts list names the bindings.")
  private String binding = "";

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description = "Start, or resume, the run of that name.")
  private @Nullable String runId;

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files, in order.")
  private List<Path> paths = List.of();

  @Override
  public Integer call() throws InterruptedException {
    FinksHome home = common.home();
    FileAdapter adapter = adapter(home, binding, paths);
    StackRecord stack = RunningStack.of(home);
    return IngestCommand.run(common, home, stack, adapter, runId);
  }

  /** The adapter that reads {@code paths} as {@code binding} says. */
  static FileAdapter adapter(FinksHome home, String binding, List<Path> paths) {
    for (Path path : paths) {
      if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
        throw CommandFailure.usage(path + " is not a file that can be read");
      }
    }
    return FileAdapter.of(FilesRequest.of(binding, paths), Bindings.stream(home, binding));
  }
}
