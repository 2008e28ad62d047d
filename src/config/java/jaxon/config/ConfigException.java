package jaxon.config;

import java.util.List;

/// A configuration was refused; the message is a numbered list of everything wrong, made for a
/// terminal.
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final int MOST_SHOWN = 50;

  private final transient List<Problem> problems;

  ConfigException(List<Problem> problems) {
    super(message(problems));
    this.problems = List.copyOf(problems);
  }

  /// What was wrong: files from the most basic one up, then the environment, then the command line
  /// in the order given, then keys that contradict each other.
  public List<Problem> problems() {
    return problems;
  }

  private static String message(List<Problem> problems) {
    int count = problems.size();
    StringBuilder text = new StringBuilder("The configuration has ");
    text.append(count == 1 ? "a problem:" : count + " problems:");
    int number = 1;
    for (Problem problem : problems.subList(0, Math.min(count, MOST_SHOWN))) {
      String start = "  " + number++ + ". ";
      text.append('\n').append(start);
      text.append(problem.toString().replace("\n", "\n" + " ".repeat(start.length())));
    }
    if (count > MOST_SHOWN) {
      text.append("\n  … and ").append(count - MOST_SHOWN).append(" more.");
    }
    return text.toString();
  }
}
