package jaxon.config;

import java.util.Collection;
import java.util.Optional;

/// Finds the name that a misspelt one was probably meant to be.
final class NearestName {

  private static final int LONGEST = 64;
  private static final int SHORTEST_PART = 4;

  private NearestName() {}

  /// The name at the smallest edit distance, the first of equals; else the first name that contains
  /// `name` as whole words (`emb_dim` in `base_emb_dim`); else nothing.
  static Optional<String> of(String name, Collection<String> names) {
    if (name.length() > LONGEST) {
      return Optional.empty();
    }
    Optional<String> nearest = Optional.empty();
    int best = name.length() < 3 ? 0 : Math.max(1, name.length() / 4) + 1;
    for (String candidate : names) {
      if (Math.abs(name.length() - candidate.length()) >= best) {
        continue;
      }
      int distance = distance(name, candidate);
      if (distance < best) {
        best = distance;
        nearest = Optional.of(candidate);
      }
    }
    return nearest.or(() -> containing(name, names));
  }

  private static Optional<String> containing(String name, Collection<String> names) {
    if (name.length() < SHORTEST_PART) {
      return Optional.empty();
    }
    return names.stream()
        .filter(candidate -> ("_" + candidate + "_").contains("_" + name + "_"))
        .findFirst();
  }

  /// Optimal string alignment distance: insertions, deletions, substitutions and swaps of
  /// neighbours each count 1 (Damerau 1964, restricted to non-overlapping edits).
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int cheapest(int[][] cost, String a, String b, int i, int j) {
    int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int least = Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1);
    least = Math.min(least, cost[i - 1][j - 1] + change);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
  }
}
