package ai.finks.flink.silver.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SipHashTest {

  /** Messages 00 01 02 … of so many bytes under the key 00 … 0f, as OpenSSL hashes them. */
  @ParameterizedTest
  @CsvSource({
    "0,A3817F04BA25A8E66DF67214C7550293",
    "1,DA87C1D86B99AF44347659119B22FC45",
    "2,8177228DA4A45DC7FCA38BDEF60AFFE4",
    "7,A1F1EBBED8DBC153C0B84AA61FF08239",
    "8,3B62A9BA6258F5610F83E264F31497B4",
    "9,264499060AD9BAABC47F8B02BB6D71ED",
    "15,5493E99933B0A8117E08EC0F97CFC3D9",
    "16,6EE2A4CA67B054BBFD3315BF85230577",
    "31,2939B0183223FAFC1723DE4F52C43D35",
    "63,5150D1772F50834A503E069A973FBD7C"
  })
  void hashesAsOthersDo(int length, String expected) {
    byte[] bytes = new byte[64];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    SipHash hash = SipHash.of(bytes).copy();

    hash.hash(bytes, length);

    byte[] result =
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(hash.high())
            .putLong(hash.low())
            .array();
    assertThat(HexFormat.of().withUpperCase().formatHex(result)).isEqualTo(expected);
  }
}
