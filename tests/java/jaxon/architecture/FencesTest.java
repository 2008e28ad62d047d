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
import org.junit.jupiter.params.provider.ValueSource;

class FencesTest {
  static Stream<ArchRule> rules() {
    return Stream.concat(
        Fences.fenceRules(ROOT),
        Stream.of(
            Fences.noUnseededRandomness(),
            Fences.noAutomaticArena(),
            Fences.terminalOnlyWhereMeant(ROOT)));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void codeStaysWithinItsFences(ArchRule rule) {
    rule.check(MAIN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"java.lang.foreign.Arena", "picocli.CommandLine"})
  void fencedPackageIsFoundOutside(String used) {
    assertThat(Fences.fenceRules(PLANTED_ROOT).flatMap(rule -> violations(rule, PLANTED)))
        .anyMatch(found -> found.contains("planted.graph.UsesLibraries") && found.contains(used));
  }

  @Test
  void fencedPackageIsAllowedInside() {
    assertThat(Fences.fenceRules(PLANTED_ROOT).flatMap(rule -> violations(rule, PLANTED)))
        .noneMatch(found -> found.contains("planted.runtime.OwnsMemory"));
  }

  @Test
  void randomnessIsFound() {
    assertThat(violations(Fences.noUnseededRandomness(), PLANTED))
        .anyMatch(found -> found.contains("java.util.Random"))
        .anyMatch(found -> found.contains("Math.random"));
  }

  @Test
  void automaticArenaIsFound() {
    assertThat(violations(Fences.noAutomaticArena(), PLANTED))
        .singleElement()
        .asString()
        .contains("planted.graph.UsesLibraries");
  }

  @Test
  void printingIsFoundExceptInTerminals() {
    assertThat(violations(Fences.terminalOnlyWhereMeant(PLANTED_ROOT), PLANTED))
        .anyMatch(found -> found.contains("planted.unlisted.Stray") && found.contains("System.out"))
        .anyMatch(found -> found.contains("planted.unlisted.Stray") && found.contains("System.err"))
        .anyMatch(found -> found.contains("printStackTrace"))
        .noneMatch(found -> found.contains("PlantedTerminal"));
  }
}
