package jaxon.input.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonlSourceTest {
  @TempDir Path root;

  @Test
  void readsLinesOfSeveralFilesInAnyOrder() throws IOException {
    Files.writeString(
        root.resolve("a.jsonl"),
        "\uFEFF{\"text\": \"zero\"}\r\n\n  \n{\"id\": 1, \"text\": \"one \\u00e9\\n\"}\n");
    Files.writeString(root.resolve("b.jsonl"), "{\"text\": null}\n{\"text\": \"three 日本\"}");
    Files.writeString(root.resolve("c.txt"), "not taken");
    try (JsonlSource source = JsonlSource.open(root.toString(), "text")) {
      assertThat(source.size()).isEqualTo(4);
      assertThat(source.document(3)).isEqualTo("three 日本");
      assertThat(source.document(2)).isEmpty();
      assertThat(source.document(1)).isEqualTo("one é\n");
      assertThat(source.document(0)).isEqualTo("zero");
      assertThat(source.locate(1)).endsWith("a.jsonl:4");
      assertThat(source.locate(3)).endsWith("b.jsonl:2");
      assertThatThrownBy(() -> source.document(4)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"text\": \"cut | not a JSON object",
        "{\"text\": \"a\"} x | not a JSON object",
        "[\"text\"] | should hold a JSON object",
        "{\"content\": \"a\", \"id\": 3} | no field 'text'; it has [content, id]",
        "{\"text\": [1]} | should be a string",
      })
  void aBadLineIsNamedWhenItIsUsed(String line, String message) throws IOException {
    Path file =
        Files.writeString(root.resolve("bad.jsonl"), "{\"text\": \"fine\"}\n\n" + line + "\n");
    try (JsonlSource source = JsonlSource.open(file.toString(), "text")) {
      assertThat(source.document(0)).isEqualTo("fine");
      assertThatThrownBy(() -> source.document(1))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("bad.jsonl:3")
          .hasMessageContaining(message);
    }
  }

  @Test
  void deepNestingIsRefusedAndDoesNotOverflow() throws IOException {
    Path file = Files.writeString(root.resolve("deep.jsonl"), "[".repeat(200_000));
    assertThatThrownBy(() -> JsonlSource.open(file.toString(), "text"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("deep.jsonl:1");
  }

  @Test
  void longLinesAndEmptyFilesAreRefused() throws IOException {
    Path large =
        Files.writeString(
            root.resolve("long.jsonl"),
            "{\"text\": \"a\"}\n{\"text\": \"" + "x".repeat(99) + "\"}");
    Path empty = Files.writeString(root.resolve("empty.jsonl"), "\n \n");
    assertThatThrownBy(() -> JsonlSource.open(large.toString(), "text", 50))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("long.jsonl:2 is longer");
    assertThatThrownBy(() -> JsonlSource.open(empty.toString(), "text"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds no lines");
  }

  @Test
  void aFileThatShrinksIsNoticed() throws IOException {
    Path file =
        Files.writeString(root.resolve("a.jsonl"), "{\"text\": \"a\"}\n{\"text\": \"b\"}\n");
    try (JsonlSource source = JsonlSource.open(file.toString(), "text")) {
      Files.writeString(file, "{}");
      assertThatThrownBy(() -> source.document(1))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("became shorter");
    }
  }
}
