package jaxon.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;

/// What a rule finds, as text.
final class Violations {
  private Violations() {}

  /// One description for each violation of the rule among the classes.
  static Stream<String> violations(ArchRule rule, JavaClasses classes) {
    return rule.evaluate(classes).getFailureReport().getDetails().stream();
  }
}
