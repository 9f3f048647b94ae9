package ai.finks.schemas.glue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.schemas.wire.WireFormat;
import ai.finks.schemas.wire.WireFormats;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GlueWireFormatTest {
  private static final WireFormat FORMAT = WireFormats.open(URI.create("glue://eu-west-1/finks"));
  private static final int HEADER_BYTES = 18;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "glue://eu-west-1",
        "glue:///finks",
        "glue://eu-west-1/a/b",
        "glue://eu-west-1/a?x=y"
      })
  void anIncompleteAddressIsRefused(String address) {
    assertThatThrownBy(() -> WireFormats.open(URI.create(address)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("glue://REGION/REGISTRY");
  }

  @Test
  void onlyBytesThatBeginAsGluesHaveAHeader() {
    assertThat(FORMAT.headerLength(value(3, 0, "x".getBytes(UTF_8)))).isEqualTo(HEADER_BYTES);
    assertThat(FORMAT.headerLength(value(3, 5, new byte[0]))).isEqualTo(HEADER_BYTES);
    assertThat(FORMAT.headerLength(value(3, 1, new byte[9]))).isEqualTo(-1);
    assertThat(FORMAT.headerLength(value(0, 0, new byte[9]))).isEqualTo(-1);
    assertThat(FORMAT.headerLength(new byte[HEADER_BYTES - 1])).isEqualTo(-1);
  }

  @Test
  void whatIsNotCompressedStaysAsItIs() {
    byte[] value = value(3, 0, "avro".getBytes(UTF_8));

    assertThat(FORMAT.uncompressed(value)).isSameAs(value);
  }

  @Test
  void zlibIsUncompressedBehindTheHeader() throws Exception {
    byte[] avro = "avro ".repeat(10_000).getBytes(UTF_8);

    assertThat(FORMAT.uncompressed(value(3, 5, deflate(avro)))).endsWith(avro).hasSize(18 + 50_000);
  }

  @Test
  void damagedCutAndBoundlessContentIsRefused() throws Exception {
    byte[] good = deflate(new byte[5000]);

    assertThat(FORMAT.uncompressed(value(3, 5, "no zlib".getBytes(UTF_8)))).isNull();
    assertThat(FORMAT.uncompressed(value(3, 5, Arrays.copyOf(good, good.length / 2)))).isNull();
    assertThat(FORMAT.uncompressed(value(3, 5, new byte[0]))).isNull();
    assertThat(FORMAT.uncompressed(value(3, 5, deflate(new byte[65 << 20])))).isNull();
  }

  private static byte[] value(int version, int compression, byte[] body) {
    return ByteBuffer.allocate(HEADER_BYTES + body.length)
        .put((byte) version)
        .put((byte) compression)
        .putLong(1)
        .putLong(2)
        .put(body)
        .array();
  }

  private static byte[] deflate(byte[] plain) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }
}
