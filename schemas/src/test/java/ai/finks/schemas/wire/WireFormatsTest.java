package ai.finks.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.schemas.registry.InMemoryRegistryClient;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireFormatsTest {

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:1/apis/ccompat/v7", "https://registry.example"})
  void aWebAddressMeansConfluentsFormat(String address) {
    assertThat(WireFormats.open(URI.create(address))).isInstanceOf(ConfluentWireFormat.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://registry.example", "registry.example", "glue://eu-west-1/finks"})
  void anAddressThatNothingServesIsRefusedWithTheOnesThatAre(String address) {
    assertThatThrownBy(() -> WireFormats.open(URI.create(address)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(address)
        .hasMessageContaining("http, https");
  }

  @Test
  void confluentsHeaderIsAZeroByteAndTheIdOfTheTopicsSubject() {
    InMemoryRegistryClient registry = new InMemoryRegistryClient();
    WireFormat format = new ConfluentWireFormat(registry);
    format.header("other.raw.v1", "\"int\"");

    byte[] header = format.header("fmp.quotes.raw.v1", "\"string\"");

    assertThat(header).containsExactly(0, 0, 0, 0, 2);
    assertThat(format.headerLength(header)).isEqualTo(5);
    assertThat(format.headerLength(new byte[] {0, 0, 0, 0})).isEqualTo(-1);
    assertThat(format.headerLength(new byte[] {3, 0, 0, 0, 0})).isEqualTo(-1);
    assertThat(format.schemaOf(header)).contains("\"string\"");
  }
}
