package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import jaxon.graph.Graph;
import jaxon.runtime.program.Layout;

/// A region read as index maps: what the loop computes, box by box.
///
/// @param rowBoxes per piece of the rows the bodies of its column pieces, in order
/// @param rowFolds the row reductions, by number
record Reading(Space space, List<Target> targets, List<List<Body>> rowBoxes, List<Fold> rowFolds) {
  private static final int REFINEMENTS = 64;
  private static final int BOXES = 32;

  /// Reads `region` in the coarsest index space that it can be read in.
  static Reading of(Graph region, Space coarsest, List<Layout> inputs) {
    Space space = coarsest;
    for (int i = 0; i < REFINEMENTS; i++) {
      try {
        return read(region, space, inputs);
      } catch (RefineSpaceException e) {
        space = e.refine(space);
      }
    }
    throw new UnsupportedLoopException("the region needs too fine an index space: " + space);
  }

  private static Reading read(Graph region, Space space, List<Layout> inputs) {
    List<Target> targets = Classification.of(region, space);
    List<Box> rowPieces = space.boxes(0, space.rows());
    List<Box> columnPieces = space.boxes(space.rows(), space.dims());
    if (rowPieces.size() * columnPieces.size() > BOXES) {
      throw new UnsupportedLoopException("the region falls into more than " + BOXES + " pieces");
    }
    NodeTable nodes = new NodeTable();
    RowFolds folds = new RowFolds(region);
    List<List<Body>> rowBoxes = new ArrayList<>();
    for (Box rows : rowPieces) {
      List<Evaluation> evaluations = new ArrayList<>();
      List<Body> bodies = new ArrayList<>();
      for (Box columns : columnPieces) {
        Box box = rows.with(columns, space.rows());
        Evaluation evaluation = new Evaluation(region, space, box, inputs, nodes, folds);
        evaluations.add(evaluation);
        bodies.add(body(evaluation, targets, space));
      }
      addRowFolds(bodies, evaluations, folds, space);
      rowBoxes.add(bodies);
    }
    return new Reading(space, targets, rowBoxes, folds.all());
  }

  /// Every column piece takes part in every row reduction that any of them uses.
  private static void addRowFolds(
      List<Body> bodies, List<Evaluation> evaluations, RowFolds folds, Space space) {
    SortedSet<Integer> done = new TreeSet<>();
    SortedSet<Integer> open = new TreeSet<>();
    evaluations.forEach(evaluation -> open.addAll(evaluation.usedFolds()));
    while (!open.isEmpty()) {
      int fold = open.removeFirst();
      done.add(fold);
      for (int i = 0; i < bodies.size(); i++) {
        Evaluation evaluation = evaluations.get(i);
        Affine all = space.linear(0, space.dims());
        bodies.get(i).rowFolds().put(fold, evaluation.at(folds.get(fold).operand(), all));
        open.addAll(evaluation.usedFolds());
        open.removeAll(done);
      }
    }
  }

  private static Body body(Evaluation evaluation, List<Target> targets, Space space) {
    SortedMap<Integer, Node> full = new TreeMap<>();
    SortedMap<Integer, Node> folded = new TreeMap<>();
    Affine all = space.linear(0, space.dims());
    for (Target target : targets) {
      int index = target.index();
      switch (target.kind()) {
        case FULL -> full.put(index, evaluation.at(target.value(), all));
        case ROW -> full.put(index, evaluation.at(target.value(), space.linear(0, space.rows())));
        case COLUMN, TOTAL -> folded.put(index, evaluation.at(target.requireFold().operand(), all));
      }
    }
    return new Body(evaluation.box(), full, folded, new TreeMap<>());
  }
}
