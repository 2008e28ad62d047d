package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.List;

/// In which pass over a row each output is written and each reduction folded.
///
/// A value whose row reductions are nested `d` deep is known in pass `d`, so a body makes one pass
/// more than its reductions are deep.
final class RowPlan {
  /// What one pass over a body does, as numbers of outputs and of row reductions.
  record Work(List<Integer> full, List<Integer> rowFolds, List<Integer> folded) {
    boolean isEmpty() {
      return full.isEmpty() && rowFolds.isEmpty() && folded.isEmpty();
    }

    List<Node> roots(Body body) {
      List<Node> roots = new ArrayList<>();
      full.forEach(index -> roots.add(body.output(index)));
      rowFolds.forEach(index -> roots.add(body.rowFold(index)));
      folded.forEach(index -> roots.add(body.foldedFor(index)));
      return roots;
    }
  }

  private final Reading reading;
  private final int passes;

  private RowPlan(Reading reading, int passes) {
    this.reading = reading;
    this.passes = passes;
  }

  static RowPlan of(Reading reading, List<Body> bodies) {
    int last = 0;
    for (Body body : bodies) {
      for (Node root : body.roots()) {
        last = Math.max(last, root.depth());
      }
      for (int fold : body.rowFolds().keySet()) {
        last = Math.max(last, reading.rowFolds().get(fold).depth());
      }
    }
    return new RowPlan(reading, last + 1);
  }

  int passes() {
    return passes;
  }

  Work work(Body body, int pass) {
    List<Integer> full = new ArrayList<>();
    for (Target target : reading.targets()) {
      if (target.kind() == Target.Kind.FULL && body.output(target.index()).depth() == pass) {
        full.add(target.index());
      }
    }
    List<Integer> rowFolds =
        body.rowFolds().keySet().stream()
            .filter(fold -> reading.rowFolds().get(fold).depth() == pass)
            .toList();
    List<Integer> folded =
        body.folded().keySet().stream()
            .filter(index -> body.foldedFor(index).depth() == pass)
            .toList();
    return new Work(full, rowFolds, folded);
  }

  /// Per pass the values that it needs.
  List<List<Node>> roots(Body body) {
    List<List<Node>> roots = new ArrayList<>();
    for (int pass = 0; pass < passes; pass++) {
      roots.add(work(body, pass).roots(body));
    }
    return roots;
  }
}
