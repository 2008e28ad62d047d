package jaxon.architecture;

import static jaxon.architecture.MainClasses.MAIN;
import static jaxon.architecture.MainClasses.PLANTED;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jaxon.architecture.Sources.Source;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// Each package says what it is for and that nothing in it is null unless marked.
class PackageDocsTest {
  private static final int LEAST_DOC_LINES = 3;

  @Test
  void everyPackageIsNullMarked() {
    assertThat(packagesWithoutNullMarked(MAIN)).isEmpty();
  }

  @Test
  void packageWithoutNullMarkedIsFound() {
    assertThat(packagesWithoutNullMarked(PLANTED))
        .contains("jaxon.architecture.planted.graph", "jaxon.architecture.planted.unlisted");
  }

  @Test
  void everyPackageTellsItsFlow() {
    assertThat(packagesWithoutDoc(Sources.main())).isEmpty();
  }

  @Test
  void packageWithoutDocIsFound() {
    Source code = new Source(Path.of("a/A.java"), "class A {}");
    assertThat(packagesWithoutDoc(List.of(code))).containsExactly(Path.of("a"));
    Source poor = new Source(Path.of("a/package-info.java"), "/// Code.\npackage a;\n");
    assertThat(packagesWithoutDoc(List.of(code, poor))).containsExactly(Path.of("a"));
    Source rich = new Source(Path.of("a/package-info.java"), "/// a\n///\n/// b\npackage a;\n");
    assertThat(packagesWithoutDoc(List.of(code, rich))).isEmpty();
  }

  private static Stream<String> packagesWithoutNullMarked(JavaClasses classes) {
    return classes.stream()
        .map(type -> type.getPackage())
        .distinct()
        .filter(found -> !isNullMarked(found))
        .map(JavaPackage::getName)
        .sorted();
  }

  private static boolean isNullMarked(JavaPackage found) {
    return found
        .tryGetPackageInfo()
        .map(info -> info.isAnnotatedWith(NullMarked.class))
        .orElse(false);
  }

  /// The folders that hold code but no `package-info.java` with a doc comment of some lines.
  private static List<Path> packagesWithoutDoc(List<Source> sources) {
    List<Path> told =
        sources.stream()
            .filter(source -> source.path().endsWith("package-info.java"))
            .filter(PackageDocsTest::hasDoc)
            .map(source -> source.path().getParent())
            .toList();
    return sources.stream()
        .filter(source -> !source.path().endsWith("package-info.java"))
        .map(source -> source.path().getParent())
        .distinct()
        .filter(folder -> !told.contains(folder))
        .toList();
  }

  private static boolean hasDoc(Source source) {
    return source.text().lines().filter(line -> line.startsWith("///")).count() >= LEAST_DOC_LINES;
  }
}
