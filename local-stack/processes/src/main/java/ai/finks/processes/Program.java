package ai.finks.processes;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A Java program to run in a process of its own.
 *
 * @param mark the JVM option that goes first, by which the process is told from others
 * @param classPath of the program alone
 * @param mainClass whose {@code main} is called
 * @param jvmOptions of its JVM
 * @param arguments of its main class
 * @param environment what is added to this process's environment
 * @param log where its output is appended to
 */
public record Program(
    String mark,
    String classPath,
    String mainClass,
    List<String> jvmOptions,
    List<String> arguments,
    Map<String, String> environment,
    Path log) {

  /** Copies the collections. */
  public Program {
    jvmOptions = List.copyOf(jvmOptions);
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }
}
