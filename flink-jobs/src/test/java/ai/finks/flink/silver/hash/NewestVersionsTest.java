package ai.finks.flink.silver.hash;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class NewestVersionsTest {
  private static final BigInteger MODULUS = BigInteger.TWO.pow(256);

  @Property
  void sumIsThatOfBigIntegers(@ForAll List<@Size(4) long[]> numbers) {
    Sum256 sum = new Sum256();
    BigInteger expected = BigInteger.ZERO;
    for (long[] number : numbers) {
      sum.add(number, 0);
      expected = expected.add(unsigned(number));
    }

    assertThat(new BigInteger(sum.hex(), 16)).isEqualTo(expected.mod(MODULUS));
  }

  @Test
  void sumCarriesThroughAllWords() {
    Sum256 sum = new Sum256();
    sum.add(new long[] {0, -1, -1, -1}, 0);
    sum.add(new long[] {0, 0, 0, 1}, 0);
    assertThat(sum.hex()).isEqualTo("0".repeat(15) + "1" + "0".repeat(48));

    sum.add(new long[] {-1, 0, 0, 0}, 0);
    assertThat(sum.hex()).isEqualTo("0".repeat(64));
  }

  @Property(tries = 300)
  void newestOfEachKeyIsThatOfTheVersionRule(@ForAll("histories") List<Version> history) {
    NewestVersions newest = new NewestVersions();
    Map<Integer, Version> model = new HashMap<>();
    for (Version version : history) {
      version.addTo(newest);
      model.merge(version.key, version, (a, b) -> Version.ORDER.compare(b, a) > 0 ? b : a);
    }
    BigInteger expected = BigInteger.ZERO;
    for (Version version : model.values()) {
      expected = expected.add(unsigned(version.row()));
    }

    assertThat(newest.size()).isEqualTo(model.size());
    assertThat(new BigInteger(newest.sum().hex(), 16)).isEqualTo(expected.mod(MODULUS));
  }

  @Test
  void manyKeysAreKeptApart() {
    NewestVersions newest = new NewestVersions();
    for (int round = 0; round < 2; round++) {
      for (int key = 0; key < 50_000; key++) {
        new Version(key, round, "b", 0, key).addTo(newest);
      }
    }

    assertThat(newest.size()).isEqualTo(50_000);
  }

  @Provide
  Arbitrary<List<Version>> histories() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 5),
            Arbitraries.longs().between(0, 2),
            Arbitraries.of("a", "b", "B"),
            Arbitraries.longs().between(0, 2),
            Arbitraries.longs())
        .as(Version::new)
        .list()
        .ofMaxSize(60);
  }

  private static BigInteger unsigned(long[] words) {
    ByteBuffer bytes = ByteBuffer.allocate(32);
    for (long word : words) {
      bytes.putLong(word);
    }
    return new BigInteger(1, bytes.array());
  }

  record Version(int key, long version, String batch, long sequence, long content) {
    static final Comparator<Version> ORDER =
        Comparator.comparingLong(Version::version)
            .thenComparing(Version::batch)
            .thenComparingLong(Version::sequence)
            .thenComparing(Version::content, Long::compareUnsigned);

    long[] row() {
      return new long[] {content, version * 31 + sequence, -key, batch.hashCode()};
    }

    void addTo(NewestVersions newest) {
      ByteBuffer keyHash = ByteBuffer.allocate(32).putLong((long) key << 1).putLong(key * 1024L);
      ByteBuffer rowHash = ByteBuffer.allocate(32);
      for (long word : row()) {
        rowHash.putLong(word);
      }
      newest.add(
          keyHash.array(),
          rowHash.array(),
          version,
          batch,
          sequence,
          ByteBuffer.allocate(16).putLong(content).putLong(0).flip());
    }
  }
}
