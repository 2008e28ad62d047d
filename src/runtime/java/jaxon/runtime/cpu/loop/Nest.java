package jaxon.runtime.cpu.loop;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The loops that the code has: dims that all accesses walk through as one are merged.
///
/// Levels number the loops from outside: [#TASK] is outside all, 0 the rows (however many dims they
/// have), and the innermost is the one that runs in vectors.
final class Nest {
  static final int TASK = -1;

  /// Dims `from` to below `to` of the space as one loop of `size`.
  record Group(int from, int to, long size) {}

  private final List<Group> rows;
  private final List<Group> columns;

  private Nest(List<Group> rows, List<Group> columns) {
    this.rows = rows;
    this.columns = columns;
  }

  /// @param structured whether rows and columns differ; if not, all but the innermost are rows
  static Nest of(Reading reading, boolean structured) {
    Space space = reading.space();
    Set<Affine> accesses = accesses(reading);
    List<Group> groups = new ArrayList<>();
    int from = 0;
    for (int dim = 1; dim <= space.dims(); dim++) {
      if (dim == space.dims() || !merges(space, dim, accesses, structured)) {
        groups.add(group(space, from, dim));
        from = dim;
      }
    }
    int rows = structured ? countRows(groups, space.rows()) : Math.max(groups.size() - 1, 0);
    return new Nest(
        List.copyOf(groups.subList(0, rows)), List.copyOf(groups.subList(rows, groups.size())));
  }

  private static int countRows(List<Group> groups, int rowDims) {
    return (int) groups.stream().filter(group -> group.to() <= rowDims).count();
  }

  private static Group group(Space space, int from, int to) {
    long size = space.sizes().subList(from, to).stream().reduce(1L, (x, y) -> x * y);
    return new Group(from, to, size);
  }

  private static boolean merges(Space space, int dim, Set<Affine> accesses, boolean structured) {
    if (!space.cuts().get(dim).isEmpty() || (structured && dim == space.rows())) {
      return false;
    }
    long size = space.sizes().get(dim);
    return accesses.stream().allMatch(a -> a.coefficient(dim - 1) == a.coefficient(dim) * size);
  }

  private static Set<Affine> accesses(Reading reading) {
    Set<Affine> accesses = new HashSet<>();
    Set<Node> seen = new HashSet<>();
    for (List<Body> bodies : reading.rowBoxes()) {
      for (Body body : bodies) {
        body.roots().forEach(root -> collect(root, accesses, seen));
      }
    }
    return accesses;
  }

  private static void collect(Node node, Set<Affine> accesses, Set<Node> seen) {
    if (!seen.add(node)) {
      return;
    }
    switch (node.form()) {
      case Node.Read read -> accesses.add(read.address());
      case Node.Index index -> accesses.add(index.value());
      case Node.Splat _, Node.Apply _, Node.Folded _ -> {}
    }
    node.operands().forEach(operand -> collect(operand, accesses, seen));
  }

  /// The loops over rows, outermost first.
  List<Group> rows() {
    return rows;
  }

  /// The loops over columns, outermost first, the last in vectors; empty when a row is one element.
  List<Group> columns() {
    return columns;
  }

  /// The level of the innermost loop.
  int innermost() {
    return Math.max(columns.size(), 1);
  }

  /// Number of elements that the innermost loop runs over.
  long width() {
    return columns.isEmpty() ? 1 : columns.getLast().size();
  }

  long rowCount() {
    return rows.stream().map(Group::size).reduce(1L, (x, y) -> x * y);
  }

  long columnCount() {
    return columns.stream().map(Group::size).reduce(1L, (x, y) -> x * y);
  }

  /// What one step of `group` adds to `access`.
  static long step(Affine access, Group group) {
    return access.coefficient(group.to() - 1);
  }

  /// What one step of the innermost loop adds to `access`.
  long innerStep(Affine access) {
    return columns.isEmpty() ? 0 : step(access, columns.getLast());
  }

  /// The innermost level that `access` changes with.
  int level(Affine access) {
    for (int i = columns.size() - 1; i >= 0; i--) {
      if (step(access, columns.get(i)) != 0) {
        return i + 1;
      }
    }
    return rows.stream().anyMatch(group -> step(access, group) != 0) ? 0 : TASK;
  }

  /// Where `box` starts in `group`.
  static long start(Box box, Group group, Space space) {
    return box.from(group.from()) * (group.size() / space.sizes().get(group.from()));
  }

  /// Where `box` ends in `group`.
  static long end(Box box, Group group, Space space) {
    return box.to(group.from()) * (group.size() / space.sizes().get(group.from()));
  }
}
