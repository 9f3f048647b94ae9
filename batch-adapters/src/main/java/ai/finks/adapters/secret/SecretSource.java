package ai.finks.adapters.secret;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Gives secrets by name. */
@FunctionalInterface
public interface SecretSource {

  /**
   * The secret of a name.
   *
   * @throws IllegalArgumentException when there is none, saying where it was looked for
   */
  Secret get(String name);

  /**
   * Secrets in variables, usually {@link System#getenv()}. Only a name of capitals, digits and
   * underscores is repeated when there is none: others may be the secret itself, given in place of
   * its name.
   */
  static SecretSource ofEnvironment(Map<String, String> environment) {
    return name -> {
      String value = environment.get(name);
      if (value == null || value.isBlank()) {
        throw new IllegalArgumentException(
            name.matches("[A-Z][A-Z0-9_]*")
                ? "the environment variable " + name + " is not set"
                : "a secret's name is env:NAME, file:PATH or aws:NAME, and never the secret itself");
      }
      return Secret.of(value);
    };
  }

  /** Secrets in files: the name is the file's path, as container platforms mount them. */
  static SecretSource ofFiles() {
    return name -> {
      try {
        return Secret.of(Files.readString(Path.of(name)));
      } catch (IOException e) {
        throw new IllegalArgumentException("the secret's file " + name + " cannot be read", e);
      }
    };
  }

  /**
   * Secrets by names that say where they are: {@code env:NAME}, {@code file:PATH} or {@code
   * aws:NAME} (AWS Secrets Manager; {@code aws:NAME#MEMBER} for a member of a JSON object); without
   * a prefix, a variable.
   */
  static SecretSource standard(Map<String, String> environment) {
    SecretSource variables = ofEnvironment(environment);
    SecretSource files = ofFiles();
    return name -> {
      if (name.startsWith("aws:")) {
        // Made only here, so that AWS's library is needed only where it is used.
        return new AwsSecrets().get(name.substring("aws:".length()));
      }
      if (name.startsWith("file:")) {
        return files.get(name.substring("file:".length()));
      }
      return variables.get(name.startsWith("env:") ? name.substring("env:".length()) : name);
    };
  }
}
