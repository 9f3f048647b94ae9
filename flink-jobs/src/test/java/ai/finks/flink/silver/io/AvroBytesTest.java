package ai.finks.flink.silver.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Held to Avro's own encoder. */
class AvroBytesTest {
  private final AvroBytes bytes = new AvroBytes();
  private final ByteArrayOutputStream expected = new ByteArrayOutputStream();
  private final BinaryEncoder avro = EncoderFactory.get().directBinaryEncoder(expected, null);

  @Property
  void valuesAreWhatAvroWrites(
      @ForAll long number, @ForAll String text, @ForAll boolean bool, @ForAll long unscaled)
      throws IOException {
    both(number, text.getBytes(UTF_8), bool, unscaled);

    assertThat(bytes.copy()).isEqualTo(expected.toByteArray());
  }

  @Example
  void extremesAreWhatAvroWrites() throws IOException {
    for (int shift = 0; shift < Long.SIZE; shift++) {
      for (long near = -1; near <= 1; near++) {
        long value = (1L << shift) + near;
        both(value, new byte[shift], shift % 2 == 0, value);
        both(-value, new byte[0], false, -value);
      }
    }

    assertThat(bytes.copy()).isEqualTo(expected.toByteArray());
  }

  private void both(long number, byte[] text, boolean bool, long unscaled) throws IOException {
    bytes.number(number);
    bytes.bytes(text);
    bytes.bool(bool);
    bytes.decimal(unscaled);
    avro.writeLong(number);
    avro.writeBytes(text);
    avro.writeBoolean(bool);
    avro.writeBytes(BigInteger.valueOf(unscaled).toByteArray());
  }
}
