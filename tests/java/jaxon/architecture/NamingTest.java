package jaxon.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static jaxon.architecture.MainClasses.MAIN;
import static jaxon.architecture.MainClasses.PLANTED;
import static jaxon.architecture.Violations.violations;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

class NamingTest {
  private static final ArchRule NO_CATCH_ALL_NAMES =
      noClasses()
          .should()
          .haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl)")
          .as("no class named *Util, *Helper, *Manager or *Impl: name the concept");

  @Test
  void classesNameTheirConcept() {
    NO_CATCH_ALL_NAMES.check(MAIN);
  }

  @Test
  void catchAllNameIsFound() {
    assertThat(violations(NO_CATCH_ALL_NAMES, PLANTED))
        .singleElement()
        .asString()
        .contains("ShapeUtils");
  }
}
