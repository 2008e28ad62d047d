package jaxon.architecture;

import static jaxon.architecture.MainClasses.MAIN;
import static jaxon.architecture.MainClasses.PLANTED;
import static jaxon.architecture.MainClasses.PLANTED_ROOT;
import static jaxon.architecture.MainClasses.ROOT;
import static jaxon.architecture.Violations.violations;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LayeringTest {
  static Stream<ArchRule> rules() {
    return Stream.concat(
        Layering.moduleRules(ROOT),
        Stream.of(
            Layering.everyModuleIsListed(ROOT),
            Layering.graphStandsOnTheJdk(ROOT),
            Layering.noCycles(ROOT)));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void codeKeepsToItsFloor(ArchRule rule) {
    rule.check(MAIN);
  }

  @Test
  void upwardDependencyIsFound() {
    assertThat(Layering.moduleRules(PLANTED_ROOT).flatMap(rule -> violations(rule, PLANTED)))
        .anyMatch(found -> found.contains("planted.graph.KnowsLayers"))
        .noneMatch(found -> found.startsWith("Class <jaxon.architecture.planted.layers"));
  }

  @Test
  void unlistedModuleIsFound() {
    assertThat(violations(Layering.everyModuleIsListed(PLANTED_ROOT), PLANTED))
        .anyMatch(found -> found.contains("planted.unlisted.Stray"));
  }

  @Test
  void graphWithALibraryIsFound() {
    assertThat(violations(Layering.graphStandsOnTheJdk(PLANTED_ROOT), PLANTED))
        .anyMatch(found -> found.contains("planted.graph.UsesLibraries"));
  }

  @Test
  void cycleIsFound() {
    assertThat(violations(Layering.noCycles(PLANTED_ROOT), PLANTED))
        .anyMatch(found -> found.contains("Slice graph") && found.contains("Slice layers"));
  }
}
