package jaxon.collective.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jaxon.collective.CallHeader;
import jaxon.collective.CollectiveKind;
import jaxon.collective.Reduction;
import jaxon.collective.algorithm.Frame;
import jaxon.graph.type.DType;
import org.junit.jupiter.api.Test;

class FrameCodecTest {
  private static final Frame FRAME =
      new Frame(
          3,
          -5,
          1L << 40,
          new CallHeader(CollectiveKind.ALL_REDUCE, Reduction.PRODUCT, DType.F64, 1L << 35, -9),
          12);

  @Test
  void readsWhatItWrote() {
    try (Arena arena = Arena.ofConfined()) {
      long bytes = written(arena).address();
      assertThat(FrameCodec.read(bytes, 74)).contains(FRAME);
      assertThat(FrameCodec.isIntact(bytes, 74)).isTrue();
    }
  }

  @Test
  void aFlippedBitAnywhereIsFound() {
    try (Arena arena = Arena.ofConfined()) {
      for (int at = FrameCodec.HEADER - 12; at < FrameCodec.HEADER + 10; at++) {
        MemorySegment bytes = written(arena);
        byte before = bytes.get(ValueLayout.JAVA_BYTE, at);
        bytes.set(ValueLayout.JAVA_BYTE, at, (byte) (before ^ 4));
        assertThat(FrameCodec.isIntact(bytes.address(), 74)).as("byte %d", at).isFalse();
      }
    }
  }

  @Test
  void foreignBytesAreNoFrame() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = written(arena);
      assertThat(FrameCodec.read(bytes.address(), 63)).isEmpty();
      bytes.set(ValueLayout.JAVA_BYTE, 48, (byte) 200);
      assertThat(FrameCodec.read(bytes.address(), 74)).isEmpty();
      bytes.fill((byte) 0);
      assertThat(FrameCodec.read(bytes.address(), 74)).isEmpty();
    }
  }

  private static MemorySegment written(Arena arena) {
    MemorySegment payload = arena.allocate(10).fill((byte) 7);
    MemorySegment bytes = arena.allocate(FrameCodec.HEADER + 10);
    FrameCodec.write(bytes.address(), FRAME, payload.address(), 10, true);
    return bytes;
  }
}
