package jaxon.collective.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class AeronSettingsTest {
  private static final Path DIRECTORY = Path.of("d");

  @Test
  void streamsOnOneHostAreShortAndUnchecked() {
    for (AeronSettings local :
        new AeronSettings[] {
          AeronSettings.ipc(DIRECTORY), AeronSettings.udp(DIRECTORY, AeronSettings.LARGEST_MTU)
        }) {
      assertThat(local.termLength(1)).isEqualTo(1 << 20);
      assertThat(local.checksum()).isFalse();
      // Aeron takes no packet of more than an eighth of a term.
      assertThat(local.termLength(1_000_000) / 8).isGreaterThanOrEqualTo(local.mtu());
    }
  }

  @Test
  void streamsOverNetworksAreLongAndChecked() {
    AeronSettings network = AeronSettings.udp(DIRECTORY, 1408);
    assertThat(network.checksum()).isTrue();
    assertThat(network.termLength(1)).isEqualTo(16 << 20);
    assertThat(network.termLength(64)).isEqualTo(4 << 20);
    assertThat(network.termLength(1_000_000)).isEqualTo(1 << 20);
  }
}
