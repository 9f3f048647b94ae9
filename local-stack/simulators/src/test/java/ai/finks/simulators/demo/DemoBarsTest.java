package ai.finks.simulators.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoBarsTest {
  private static final DemoBars BARS = new DemoBars(DemoFolder.ofCheckout());

  @TempDir Path folder;

  @Test
  void everyShippedBarIsRead() {
    assertThat(BARS.rows()).isEqualTo(DemoBars.ROWS).isEqualTo(619_040);
    assertThat(BARS.symbols()).hasSize(DemoBars.SYMBOLS).isSorted().contains("AAPL", "BRK.B", "A");
  }

  @Test
  void missingAndImpossiblePricesAreKeptAsTheSourceHasThem() {
    int missing = 0;
    int impossible = 0;
    for (SymbolBars bars : BARS.bySymbol().values()) {
      for (int bar = 0; bar < bars.size(); bar++) {
        if (bars.hasMissing(bar)) {
          missing++;
        } else if (!bars.isValid(bar)) {
          impossible++;
        }
      }
    }

    assertThat(missing).isEqualTo(DemoBars.ROWS_WITH_NULLS);
    assertThat(impossible).isEqualTo(DemoBars.ROWS_OUT_OF_RANGE);
  }

  @Test
  void pricesAreReadToTheLastDigit() {
    SymbolBars agilent = BARS.of("A").orElseThrow();

    assertThat(agilent.date(0)).isEqualTo(LocalDate.of(2013, 2, 8));
    assertThat(agilent.open(0)).isEqualTo(45_0700);
    assertThat(agilent.high(0)).isEqualTo(45_3500);
    assertThat(agilent.low(0)).isEqualTo(45_0000);
    assertThat(agilent.close(0)).isEqualTo(45_0800);
    assertThat(agilent.volume(0)).isEqualTo(1_824_755);
    assertThat(agilent.isValid(0)).isTrue();
  }

  @Test
  void aDayIsFoundWhetherItHasABarOrNot() {
    SymbolBars agilent = BARS.of("A").orElseThrow();
    int saturday = (int) LocalDate.of(2013, 2, 9).toEpochDay();

    assertThat(agilent.barOn(saturday - 1)).isZero();
    assertThat(agilent.barOn(saturday)).isNegative();
    assertThat(agilent.firstBarFrom(saturday)).isEqualTo(1);
    assertThat(agilent.firstBarFrom(LocalDate.of(1970, 1, 1).toEpochDay())).isZero();
    assertThat(agilent.firstBarFrom(LocalDate.of(2018, 2, 8).toEpochDay()))
        .isEqualTo(agilent.size());
  }

  @Test
  void anUnknownSymbolHasNoBars() {
    assertThat(BARS.of("NOPE")).isEmpty();
  }

  @Test
  void aFileThatIsNotOrderedBySymbolIsRefused() throws Exception {
    write(
        "date,open,high,low,close,volume,Name\n",
        "2013-02-08,1,1,1,1,1,A\n",
        "2013-02-08,1,1,1,1,1,B\n",
        "2013-02-11,1,1,1,1,1,A\n");

    assertThatThrownBy(() -> new DemoBars(folder).rows())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("not ordered by symbol");
  }

  @Test
  void aRowThatIsNoBarIsRefusedWithItsLine() throws Exception {
    write(
        "date,open,high,low,close,volume,Name\n",
        "2013-02-08,1,1,1,1,1,A\n",
        "2013-02-09,1,x,1,1,1,A\n");

    assertThatThrownBy(() -> new DemoBars(folder).rows())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("line 3: not a price");
  }

  private void write(String... lines) throws Exception {
    byte[] text = String.join("", lines).getBytes(StandardCharsets.US_ASCII);
    Files.write(folder.resolve(DemoBars.FILE_NAME), Zstd.compress(text));
  }
}
