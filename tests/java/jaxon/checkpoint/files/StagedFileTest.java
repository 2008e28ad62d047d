package jaxon.checkpoint.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Large files hold what was written, and say so when they do not.
class StagedFileTest {
  private static final int PIECE = StagedFile.PIECE;

  @TempDir private Path place;

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(size).nextBytes(bytes);
    return bytes;
  }

  /// Writes in pieces of many sizes.
  private static void write(NewFile file, byte[] bytes) throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    for (int at = 0; at < bytes.length; ) {
      int most = random.nextBoolean() ? 200 : 3 << 20;
      int count = Math.min(bytes.length - at, 1 + random.nextInt(most));
      ByteBuffer piece = ByteBuffer.wrap(bytes, at, count);
      file.write(piece);
      assertThat(piece.hasRemaining()).isFalse();
      at += count;
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 4095, 4096, 4097, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 4 * PIECE + 70_000})
  void fileHoldsWhatWasWritten(int size) throws IOException {
    byte[] bytes = bytes(size);
    Path file = place.resolve("large");
    try (NewFile large = new LocalFiles(place).createLarge("large", 0)) {
      write(large, bytes);
      large.force();
      assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
      assertThatThrownBy(() -> large.write(ByteBuffer.allocate(1)))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 512, 65536})
  void anyBlockWillDo(int block) throws IOException {
    Path file = place.resolve("large");
    byte[] bytes = bytes(2 * PIECE + 12_345);
    try (StagedFile large = new StagedFile(open(file), block)) {
      write(large, bytes);
      large.force();
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  @Test
  void fileThatIsThereIsNotWrittenOver() throws IOException {
    Path file = Files.writeString(place.resolve("large"), "x");
    assertThatThrownBy(() -> new LocalFiles(place).createLarge("large", 0))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(file).hasContent("x");
  }

  /// A channel that may only be read refuses every write, as a full disk does.
  @Test
  void writeThatFailsIsToldByWhatFollowsAndByForcing() throws IOException {
    Path file = Files.createFile(place.resolve("large"));
    try (StagedFile large = new StagedFile(FileChannel.open(file, StandardOpenOption.READ), 4096)) {
      assertThatThrownBy(() -> large.write(ByteBuffer.allocate(4 * PIECE)))
          .isInstanceOf(IOException.class);
      for (int again = 0; again < 3; again++) {
        assertThatThrownBy(large::force).isInstanceOf(IOException.class);
      }
    }
    try (StagedFile small = new StagedFile(FileChannel.open(file, StandardOpenOption.READ), 4096)) {
      small.write(ByteBuffer.allocate(1));
      assertThatThrownBy(small::force).isInstanceOf(IOException.class);
    }
  }
}
