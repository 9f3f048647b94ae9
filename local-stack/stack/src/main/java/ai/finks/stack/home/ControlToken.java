package ai.finks.stack.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The secret by which a stack knows its owner's commands: a file that only the owner may read. */
public final class ControlToken {
  /** The HTTP header that carries it. */
  public static final String HEADER = "X-Finks-Token";

  private static final int BYTES = 32;

  private ControlToken() {}

  /** Makes a new one, in place of that of a stack of before. */
  public static String create(FinksHome home) throws IOException {
    byte[] secret = new byte[BYTES];
    new SecureRandom().nextBytes(secret);
    String token = HexFormat.of().formatHex(secret);
    Path file = home.controlToken();
    Files.deleteIfExists(file);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file,
          PosixFilePermissions.asFileAttribute(
              Set.copyOf(PosixFilePermissions.fromString("rw-------"))));
    }
    Files.writeString(file, token);
    return token;
  }

  /** The token of the stack that runs on a home. */
  public static String read(FinksHome home) throws IOException {
    return Files.readString(home.controlToken()).strip();
  }

  /** Compares in a time that tells nothing. */
  public static boolean matches(String token, @Nullable String given) {
    return given != null
        && MessageDigest.isEqual(
            token.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }
}
