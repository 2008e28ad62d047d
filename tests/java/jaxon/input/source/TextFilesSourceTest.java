package jaxon.input.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFilesSourceTest {
  @TempDir Path root;

  @Test
  void eachFileOfADirectoryIsADocument() throws IOException {
    Files.writeString(root.resolve("b.txt"), "second");
    Files.writeString(root.resolve("a.txt"), "\uFEFFfirst é");
    Files.write(root.resolve("binary"), new byte[] {1, 0, 2});
    Files.write(root.resolve("latin1.txt"), new byte[] {'a', (byte) 0xe9, 'b'});
    Files.writeString(root.resolve("empty.txt"), "");
    Files.writeString(root.resolve("large.txt"), "x".repeat(101));
    try (TextFilesSource source = TextFilesSource.open(root.toString(), 100)) {
      assertThat(source.size()).isEqualTo(2);
      assertThat(source.document(0)).isEqualTo("first é");
      assertThat(source.document(1)).isEqualTo("second");
      assertThat(source.locate(1)).endsWith("b.txt");
      assertThat(source.describe()).contains("2 text files", "4 skipped");
    }
  }

  @Test
  void aNamedFileMustBeUsable() throws IOException {
    Path binary = Files.write(root.resolve("binary"), new byte[] {1, 0, 2});
    Path large = Files.writeString(root.resolve("large.txt"), "x".repeat(101));
    Path empty = Files.writeString(root.resolve("empty.txt"), "");
    assertFails(binary, "is not text");
    assertFails(large, "larger than the 100 bytes");
    assertFails(empty, "is empty");
    assertFails(root, "None of the 3 files");
  }

  private static void assertFails(Path path, String message) {
    assertThatThrownBy(() -> TextFilesSource.open(path.toString(), 100))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(path.toString());
  }
}
