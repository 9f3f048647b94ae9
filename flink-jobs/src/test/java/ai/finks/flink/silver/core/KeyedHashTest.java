package ai.finks.flink.silver.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class KeyedHashTest {

  @Property(tries = 500)
  void hashIsHmacSha256(@ForAll @Size(min = 1, max = 200) byte[] key, @ForAll byte[] message)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));

    assertThat(KeyedHash.of(key).hash(message, message.length)).isEqualTo(mac.doFinal(message));
  }

  @Test
  void derivedKeyIsAnother() {
    KeyedHash hash = KeyedHash.of(new byte[32]);
    byte[] plain = hash.hash(new byte[0], 0).clone();

    assertThat(hash.derivedKey("a")).isNotEqualTo(plain);
    assertThat(hash.hash(new byte[0], 0)).isEqualTo(plain);
  }
}
