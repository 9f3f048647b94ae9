package ai.finks.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoopbackPortsTest {
  @Test
  void aPortThatWasGivenIsNotGivenAgainAlthoughNobodyHasBoundItYet() {
    assertThat(IntStream.range(0, 200).map(i -> LoopbackPorts.free())).doesNotHaveDuplicates();
  }

  @Test
  void aPortThatIsBoundIsNotFree() throws Exception {
    int port = LoopbackPorts.free();
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));

      assertThat(LoopbackPorts.isFree(port)).isFalse();
    }
  }
}
