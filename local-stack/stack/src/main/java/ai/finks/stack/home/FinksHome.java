package ai.finks.stack.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The folder that holds everything one local stack knows; this type names its parts. */
public final class FinksHome {
  private final Path folder;

  private FinksHome(Path folder) {
    this.folder = folder;
  }

  /** The home at {@code folder}, made absolute; nothing is created. */
  public static FinksHome at(Path folder) {
    return new FinksHome(Objects.requireNonNull(folder, "folder").toAbsolutePath().normalize());
  }

  /** The home's folder, absolute. */
  public Path folder() {
    return folder;
  }

  /** What runs on this home: see {@link StackRecord}. */
  public Path stackFile() {
    return folder.resolve("stack.json");
  }

  /** See {@link HomeMode}. */
  public Path modeFile() {
    return folder.resolve("mode");
  }

  /**
   * Where the lake lies and how it is opened, if it is not {@link #lake}: see {@code LakePlace}.
   */
  public Path lakeFile() {
    return folder.resolve("lake.json");
  }

  /** What the object store keeps: a folder per bucket. */
  public Path objects() {
    return folder.resolve("objects");
  }

  /** Configuration of the processes, with the secrets in it: readable by the owner only. */
  public Path settings() {
    return folder.resolve("settings");
  }

  /** Held by the stack that runs on this home: see {@link HomeLock}. */
  public Path lockFile() {
    return folder.resolve("lock");
  }

  /** Contracts and bindings that the stack runs with: see {@code AppliedContracts}. */
  public Path contracts() {
    return folder.resolve("contracts");
  }

  /** See {@link ControlToken}. */
  public Path controlToken() {
    return folder.resolve("control.token");
  }

  /** The broker's log directory. */
  public Path kafka() {
    return folder.resolve("kafka");
  }

  /** The schema registry's database. */
  public Path registry() {
    return folder.resolve("registry");
  }

  /** Flink's checkpoints. */
  public Path checkpoints() {
    return folder.resolve("checkpoints");
  }

  /** Flink's savepoints, from which replaced jobs go on. */
  public Path savepoints() {
    return checkpoints().resolve("savepoints");
  }

  /** PII keys, readable by their owner only. */
  public Path keys() {
    return folder.resolve("keys");
  }

  /** The SQLite file of the Iceberg catalog. */
  public Path catalogFile() {
    return folder.resolve("catalog").resolve("finks.db");
  }

  /** Bronze, Silver, quarantine, accounting and Gold. */
  public Path lake() {
    return folder.resolve("lake");
  }

  /** The lineage store, and how far commits were told. */
  public Path lineage() {
    return folder.resolve("lineage");
  }

  /** Journals of adapter runs. */
  public Path runs() {
    return folder.resolve("runs");
  }

  /** Log files, one per component. */
  public Path logs() {
    return folder.resolve("logs");
  }

  /** Scratch space of the stack's processes. */
  public Path scratch() {
    return folder.resolve("tmp");
  }

  /** Whether anything was ever kept here. */
  public boolean isEmpty() {
    if (!Files.exists(folder)) {
      return true;
    }
    try (var entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /** Creates the folders that several parts share. */
  public void create() throws IOException {
    for (Path part :
        new Path[] {catalogFile().getParent(), lake(), runs(), logs(), checkpoints(), scratch()}) {
      Files.createDirectories(part);
    }
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
