package jaxon.config;

import java.util.ArrayList;
import java.util.List;

/// Collects what is wrong, so that the user hears of everything at once.
final class Problems {

  private final List<Problem> problems = new ArrayList<>();

  void add(String subject, String message, String advice) {
    problems.add(new Problem(subject, "", message, advice));
  }

  void add(String subject, Origin origin, String message, String advice) {
    problems.add(new Problem(subject, origin.describe(), message, advice));
  }

  void add(Problem problem) {
    problems.add(problem);
  }

  void addAll(Problems others) {
    problems.addAll(others.problems);
  }

  boolean isEmpty() {
    return problems.isEmpty();
  }

  /// Does nothing without problems.
  ///
  /// @throws ConfigException with all of them
  void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }
}
