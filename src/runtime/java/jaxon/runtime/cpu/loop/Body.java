package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;

/// What a loop computes in one box of its index space.
///
/// @param full per full or row output (by number) its value
/// @param folded per column or total output (by number) the value that it folds
/// @param rowFolds per row reduction (by number) the value that it folds
record Body(
    Box box,
    SortedMap<Integer, Node> full,
    SortedMap<Integer, Node> folded,
    SortedMap<Integer, Node> rowFolds) {
  /// All values that are computed, none of them for another.
  List<Node> roots() {
    List<Node> roots = new ArrayList<>(full.values());
    roots.addAll(folded.values());
    roots.addAll(rowFolds.values());
    return roots;
  }

  Node output(int index) {
    return Objects.requireNonNull(full.get(index));
  }

  Node foldedFor(int output) {
    return Objects.requireNonNull(folded.get(output));
  }

  Node rowFold(int number) {
    return Objects.requireNonNull(rowFolds.get(number));
  }
}
