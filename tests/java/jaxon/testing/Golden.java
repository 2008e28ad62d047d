package jaxon.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.TestInfo;

/// Compares a text with `tests/resources/golden/<Class>.<method>.txt`.
///
/// `-Dgolden.update=true` writes the files instead, but not where the environment variable `CI` is
/// set: there, a golden file changes by review only.
public final class Golden {
  private Golden() {}

  /// Fails unless `text` is what the file of the running test holds.
  public static void check(TestInfo test, String text) {
    String name =
        test.getTestClass().orElseThrow().getSimpleName()
            + "."
            + test.getTestMethod().orElseThrow().getName();
    check(folder(), name, text, mayUpdate());
  }

  static void check(Path folder, String name, String text, boolean update) {
    Path file = folder.resolve(name + ".txt");
    try {
      if (update) {
        Files.createDirectories(folder);
        Files.writeString(file, text);
      }
      assertThat(file).as("no golden text yet: run with -Dgolden.update=true").exists();
      assertThat(text)
          .as("differs from %s: if that is meant, run with -Dgolden.update=true", file)
          .isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() {
    return Path.of(System.getProperty("basedir", "."), "resources", "golden");
  }

  private static boolean mayUpdate() {
    return Boolean.getBoolean("golden.update") && System.getenv("CI") == null;
  }
}
