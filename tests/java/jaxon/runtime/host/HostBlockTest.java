package jaxon.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostBlockTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 64, 100_000, 1L << 21, (5L << 20) + 3})
  void isZeroedAlignedAndWritableToItsEnd(long bytes) {
    try (HostBlock block = HostBlock.allocate(bytes)) {
      assertThat(block.bytes()).isEqualTo(bytes);
      assertThat(block.address() % HostBlock.ALIGNMENT).isZero();
      long last = block.address() + bytes - 1;
      assertThat(HostMemory.ALL.get(HostMemory.BYTE, block.address())).isZero();
      assertThat(HostMemory.ALL.get(HostMemory.BYTE, last)).isZero();
      HostMemory.ALL.set(HostMemory.BYTE, last, (byte) 7);
      assertThat(HostMemory.ALL.get(HostMemory.BYTE, last)).isEqualTo((byte) 7);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 7, 5000, 100_003})
  void fillsWithOneElement(long count) {
    try (HostBlock block = HostBlock.allocate(4 * count + 8)) {
      HostMemory.ALL.set(HostMemory.INT, block.address(), 0x01020304);
      long to = block.address() + 4;
      HostMemory.fill(block.address(), to, 4, count);
      for (long i = 0; i < count; i++) {
        assertThat(HostMemory.ALL.get(HostMemory.INT, to + 4 * i)).isEqualTo(0x01020304);
      }
      assertThat(HostMemory.ALL.get(HostMemory.INT, to + 4 * count)).isZero();
    }
  }
}
