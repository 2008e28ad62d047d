package jaxon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import jaxon.checkpoint.tensor.TensorLiterals;

/// What must come of files of weights that are damaged or hostile.
public final class HostileFiles {
  private HostileFiles() {}

  /// Fails unless a file with that content is refused with one line that names it and says `part`.
  public static void assertOneClearError(
      Path file, byte[] content, Function<Path, TensorSource> open, String part)
      throws IOException {
    Files.write(file, content);
    assertThatThrownBy(() -> open.apply(file).close())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("" + file.getFileName())
        .hasMessageContaining(part)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(600).hasLineCount(1));
  }

  /// Fails unless what is no file at all is refused.
  public static void assertNoWeights(Path directory, Function<Path, TensorSource> open) {
    for (Path path : List.of(directory, directory.resolve("none"))) {
      assertThatThrownBy(() -> open.apply(path).close())
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("not a regular file");
    }
  }

  /// Reads all tensors, and closes their source.
  public static void readAll(TensorSource opened) {
    try (TensorSource source = opened) {
      source.tensors().keySet().forEach(name -> TensorLiterals.read(source, name));
    }
  }
}
