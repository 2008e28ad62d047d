package jaxon.architecture;

import static jaxon.architecture.SourceRules.MEDIAN_FILE_LINES;
import static jaxon.architecture.SourceRules.medianLines;
import static jaxon.architecture.SourceRules.violations;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import jaxon.architecture.Sources.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceRulesTest {
  @Test
  void everySourceKeepsTheRules() {
    assertThat(violations(Sources.all())).isEmpty();
  }

  @Test
  void filesAreSmall() {
    assertThat(medianLines(Sources.main())).isPositive().isLessThanOrEqualTo(MEDIAN_FILE_LINES);
  }

  @Test
  void medianIsTheMiddle() {
    assertThat(medianLines(List.of(java("a\nb\nc\n"), java("a\n"), java("a\nb\n")))).isEqualTo(2);
  }

  @Test
  void sourcesOfAllModulesAreRead() {
    assertThat(Sources.main())
        .extracting(Source::toString)
        .contains(
            "src/cli/java/jaxon/cli/Jaxon.java",
            "src/backends/nd4j/java/jaxon/nd4j/package-info.java");
  }

  @Test
  void longFileIsFound() {
    assertThat(violations(List.of(java("class A {}\n" + "\n".repeat(599))))).isEmpty();
    assertThat(violations(List.of(java("class A {}\n" + "\n".repeat(600)))))
        .singleElement()
        .asString()
        .contains("601 lines");
  }

  @Test
  void longMethodIsFound() {
    assertThat(violations(List.of(java(classWithMethodOf(60))))).isEmpty();
    assertThat(violations(List.of(java(classWithMethodOf(61)))))
        .containsExactly("A.java:2: method run has 61 lines, at most 60");
  }

  private static String classWithMethodOf(int lines) {
    return "class A {\nvoid run() {\n" + "int x;\n".repeat(lines - 2) + "}\n}\n";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import java.util.*;\nclass A {}",
        "import static java.lang.Math.*;\nclass A {}",
        "import module java.base;\nclass A {}"
      })
  void importOfEverythingIsFound(String text) {
    assertThat(violations(List.of(java(text))))
        .singleElement()
        .asString()
        .contains("name each import");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"// %s: later", "/// %s later", "int x; // see %s", "/* %s */", "/*\n * %s\n */"})
  void openMarkIsFound(String comment) {
    String text = "class A {\n" + comment.formatted("TO" + "DO") + "\n}";
    assertThat(violations(List.of(java(text))))
        .singleElement()
        .asString()
        .matches("A.java:[23]: unfinished work.*");
  }

  @Test
  void markWithAnIssueIsAllowed() {
    assertThat(violations(List.of(java("class A {} // TODO(#12): remove")))).isEmpty();
  }

  @Test
  void markOutsideOfACommentIsAllowed() {
    assertThat(violations(List.of(java("class A { String s = \"TODO\"; }")))).isEmpty();
  }

  private static Source java(String text) {
    return new Source(Path.of("A.java"), text);
  }
}
