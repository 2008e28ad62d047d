package jaxon.input.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetSourceTest {
  @TempDir Path root;

  @ParameterizedTest
  @ValueSource(longs = {1, 40, 1 << 20})
  void readsRowsInAnyOrderWhateverTheCacheHolds(long cachedChars) throws IOException {
    List<@Nullable String> texts = new ArrayList<>();
    for (int i = 0; i < 23; i++) {
      texts.add(i == 7 ? null : "row " + i + " é日本");
    }
    ParquetFixture.write(root.resolve("a.parquet"), texts.subList(0, 13), 5);
    ParquetFixture.write(root.resolve("b.parquet"), texts.subList(13, 23), 4);
    try (ParquetSource source = ParquetSource.open(root.toString(), "text", cachedChars)) {
      assertThat(source.size()).isEqualTo(23);
      for (int i = 0; i < 46; i++) {
        int row = i * 5 % 23;
        String text = texts.get(row);
        assertThat(source.document(row)).isEqualTo(text == null ? "" : text);
      }
      assertThat(source.locate(6)).endsWith("a.parquet, row 2 of row group 1");
      assertThat(source.describe()).contains("23 Parquet rows in 2 files");
    }
  }

  @Test
  void aWrongColumnIsExplained() throws IOException {
    Path file = ParquetFixture.write(root.resolve("a.parquet"), Arrays.asList("x"), 10);
    assertFails(file, "body", "no column 'body'; it has [id, text, tags]");
    assertFails(file, "id", "is not text");
    assertFails(file, "tags", "is not text");
  }

  @Test
  void damageIsNamed() throws IOException {
    Path good = ParquetFixture.write(root.resolve("good.parquet"), Arrays.asList("x", "y"), 10);
    byte[] bytes = Files.readAllBytes(good);
    Path cut = Files.write(root.resolve("cut.parquet"), Arrays.copyOf(bytes, bytes.length / 2));
    Path text = Files.writeString(root.resolve("text.parquet"), "{\"text\": 1}");
    Path none = ParquetFixture.write(root.resolve("none.parquet"), List.of(), 10);
    assertFails(cut, "text", "cannot be read as Parquet");
    assertFails(text, "text", "cannot be read as Parquet");
    assertFails(none, "text", "holds no rows");
  }

  @Test
  void damagedPagesAreNamed() throws IOException {
    Path file = ParquetFixture.write(root.resolve("a.parquet"), Arrays.asList("x", "y"), 10);
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 4, bytes.length / 3, (byte) 0x5a);
    Files.write(file, bytes);
    try (ParquetSource source = ParquetSource.open(file.toString(), "text")) {
      assertThatThrownBy(() -> source.document(0))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("Row group 0");
    }
  }

  private static void assertFails(Path file, String column, String message) {
    assertThatThrownBy(() -> ParquetSource.open(file.toString(), column))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(file.toString());
  }
}
