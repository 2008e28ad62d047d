package jaxon.checkpoint.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ZstdPagesTest {
  private static ByteBuffer direct(ByteBuffer from) {
    return ByteBuffer.allocateDirect(from.remaining()).put(from.duplicate()).flip();
  }

  private static ByteBuffer compress(byte[] value) {
    try (ZstdPages pages = new ZstdPages()) {
      return direct(pages.compress(ByteBuffer.wrap(value)));
    }
  }

  private static ByteBuffer decompress(ByteBuffer frame, int valueBytes) throws IOException {
    ByteBuffer page = ByteBuffer.allocateDirect(ZstdPages.pageBytes(valueBytes));
    ZstdPages.decompress(frame, page);
    return page.slice(Integer.BYTES, valueBytes);
  }

  @Test
  void valuesComeBackAsTheyWere() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    try (ZstdPages pages = new ZstdPages()) {
      for (int size : List.of(1, 100_000, 7, 300_000, 4096)) {
        byte[] value = new byte[size];
        random.nextBytes(value);
        ByteBuffer frame = pages.compress(ByteBuffer.wrap(value));
        assertThat((long) frame.remaining()).isLessThanOrEqualTo(ZstdPages.mostBytes(size));
        assertThat(decompress(frame, size)).isEqualTo(ByteBuffer.wrap(value));
      }
    }
  }

  @Test
  void whatIsNoPageOfThatSizeIsRefused() {
    ByteBuffer frame = compress(new byte[100]);
    for (int size : List.of(0, 99, 101, 1 << 20)) {
      assertThatThrownBy(() -> decompress(frame, size)).isInstanceOf(IOException.class);
    }
    ByteBuffer garbage = direct(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
    assertThatThrownBy(() -> decompress(garbage, 100)).hasMessageContaining("Zstandard");
    assertThatThrownBy(() -> decompress(frame.slice(0, frame.remaining() - 1), 100))
        .isInstanceOf(IOException.class);
  }
}
