package ai.finks.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which machines DynamoDBLocal has a native library for. */
class EmbeddedDynamoTest {
  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, libsqlite4java-linux-amd64-",
    "Linux, i386, libsqlite4java-linux-i386-",
    "Linux, aarch64,",
    "Mac OS X, x86_64, libsqlite4java-osx-",
    "Mac OS X, aarch64,",
    "Windows 11, amd64, sqlite4java-win32-x64-",
    "Windows 11, aarch64,",
    "SunOS, sparcv9,",
  })
  void libraryIsChosenByTheMachineOrThereIsNone(String osName, String osArch, String library) {
    assertThat(EmbeddedDynamo.nativeLibrary(osName, osArch).orElse(null)).isEqualTo(library);
  }
}
