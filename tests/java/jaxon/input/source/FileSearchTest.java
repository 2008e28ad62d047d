package jaxon.input.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSearchTest {
  @TempDir Path root;

  @BeforeEach
  void makeFiles() throws IOException {
    for (String name :
        List.of(
            "b.txt",
            "a/z.txt",
            "a/deep/er.md",
            "a.txt",
            ".hidden.txt",
            ".git/config",
            "target/x.txt",
            "a/node_modules/x.txt",
            "out/x.txt")) {
      Files.createDirectories(root.resolve(name).getParent());
      Files.writeString(root.resolve(name), "text");
    }
  }

  @Test
  void searchesDirectoriesInOrderOfNames() {
    assertThat(names(root.toString())).containsExactly("a.txt", "a/deep/er.md", "a/z.txt", "b.txt");
    assertThat(FileSearch.find(root.toString(), List.of(".md"))).hasSize(1);
  }

  @Test
  void takesPatterns() {
    assertThat(names(root + "/*.txt")).containsExactly("a.txt", "b.txt");
    assertThat(names(root + "/**/*.txt")).containsExactly("a.txt", "a/z.txt", "b.txt");
    assertThat(names(root + "/a/**/*.{md,txt}")).containsExactly("a/deep/er.md", "a/z.txt");
  }

  @Test
  void takesANamedFileWhateverItsName() {
    assertThat(FileSearch.find(root.resolve(".hidden.txt").toString(), List.of(".md"))).hasSize(1);
  }

  @Test
  void endsWhereLinksGoRoundInCircles() throws IOException {
    Files.createSymbolicLink(root.resolve("a/deep/up"), root);
    Files.createSymbolicLink(root.resolve("dangling.txt"), root.resolve("nowhere"));
    Files.createSymbolicLink(root.resolve("c.txt"), root.resolve("b.txt"));
    assertThat(names(root.toString()))
        .containsExactly("a.txt", "a/deep/er.md", "a/z.txt", "b.txt", "c.txt");
  }

  @Test
  void saysWhatItDidNotFind() {
    assertFails(root + "/none.txt", "does not exist");
    assertFails(root + "/none/*.txt", "does not exist");
    assertFails(root + "/*.json", "No data files found");
    assertFails(root + "/[", "not a valid glob pattern");
    assertFails("", "No data path is set");
    assertFails("\0", "does not exist");
  }

  private static void assertFails(String path, String message) {
    assertThatThrownBy(() -> FileSearch.find(path, List.of()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  private List<String> names(String path) {
    return FileSearch.find(path, List.of()).stream()
        .map(file -> root.relativize(file).toString())
        .toList();
  }
}
