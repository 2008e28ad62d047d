package jaxon.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import jaxon.architecture.Sources.Source;
import org.junit.jupiter.api.Test;

/// A golden file or another resource that no test reads proves nothing.
class ResourcesTest {
  @Test
  void everyResourceIsReadByATest() {
    assertThat(unreferenced(Sources.files("tests/resources"), Sources.tests())).isEmpty();
  }

  @Test
  void orphanIsFound() {
    List<Source> tests =
        List.of(
            new Source(Path.of("a/PrinterTest.java"), "void prints() { Golden.check(text); }"),
            new Source(Path.of("b/LoaderTest.java"), "load(\"numbers.json\")"));
    List<Path> resources =
        List.of(
            Path.of("golden/PrinterTest.prints.txt"),
            Path.of("golden/PrinterTest.gone.txt"),
            Path.of("golden/GoneTest.prints.txt"),
            Path.of("reference/numbers.json"),
            Path.of("reference/orphan.json"));
    assertThat(unreferenced(resources, tests))
        .extracting(path -> path.getFileName().toString())
        .containsExactly("PrinterTest.gone.txt", "GoneTest.prints.txt", "orphan.json");
  }

  private static List<Path> unreferenced(List<Path> resources, List<Source> tests) {
    return resources.stream()
        .filter(resource -> tests.stream().noneMatch(test -> refersTo(test, resource)))
        .toList();
  }

  /// A test names the file, or the file is named `<TestClass>.<method>…` after the test.
  private static boolean refersTo(Source test, Path resource) {
    String file = resource.getFileName().toString();
    if (test.text().contains(file)) {
      return true;
    }
    String[] parts = file.split("\\.", -1);
    return parts.length >= 3
        && test.path().endsWith(parts[0] + ".java")
        && test.text().contains(" " + parts[1] + "(");
  }
}
