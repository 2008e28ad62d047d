package jaxon.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenTest {
  @TempDir private Path folder;

  @Test
  void aMissingFileSaysHowToMakeIt() {
    assertThatThrownBy(() -> Golden.check(folder, "A.b", "text", false))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("-Dgolden.update=true");
  }

  @Test
  void anUpdateWritesTheFile() {
    Golden.check(folder, "A.b", "text", true);
    assertThatCode(() -> Golden.check(folder, "A.b", "text", false)).doesNotThrowAnyException();
  }

  @Test
  void anotherTextFails() {
    Golden.check(folder, "A.b", "text", true);
    assertThatThrownBy(() -> Golden.check(folder, "A.b", "other", false))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("A.b.txt");
  }
}
