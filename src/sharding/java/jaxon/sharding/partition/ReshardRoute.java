package jaxon.sharding.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The steps from one cut of a tensor to another, cheapest kinds first.
///
/// What shrinks a tensor comes before what sends it, and what sends it before what makes it grow:
/// slices (free), reduce_scatter, all_reduce, all_to_all, all_gather.
final class ReshardRoute {
  private final List<List<String>> now = new ArrayList<>();
  private final List<List<String>> target;
  private final List<String> partial;
  private final List<ReshardStep> steps = new ArrayList<>();

  private ReshardRoute(List<List<String>> from, List<String> partial, List<List<String>> target) {
    from.forEach(axes -> now.add(new ArrayList<>(axes)));
    this.partial = new ArrayList<>(partial);
    this.target = target;
  }

  /// The route between two cuts.
  ///
  /// @param from for each dim its axes
  /// @param partial axes that the tensor is a sum over
  /// @param target for each dim the axes wanted
  static List<ReshardStep> of(
      List<List<String>> from, List<String> partial, List<List<String>> target) {
    ReshardRoute route = new ReshardRoute(from, partial, target);
    route.shrink();
    route.reduce();
    while (!route.now.equals(target)) {
      if (!route.shrink() && !route.move()) {
        route.gather();
      }
    }
    return route.steps;
  }

  /// Cuts dims further where the target does, as long as that is possible.
  private boolean shrink() {
    boolean any = false;
    for (boolean more = true; more; ) {
      more = false;
      for (int dim = 0; dim < now.size(); dim++) {
        more |= shrink(dim);
      }
      any |= more;
    }
    return any;
  }

  private boolean shrink(int dim) {
    List<String> missing = missing(dim);
    if (missing.isEmpty()) {
      return false;
    }
    boolean sums = partial.contains(missing.getFirst());
    List<String> used = now.stream().flatMap(List::stream).toList();
    List<String> run = new ArrayList<>();
    for (String axis : missing) {
      if (used.contains(axis) || partial.contains(axis) != sums) {
        break;
      }
      run.add(axis);
    }
    if (run.isEmpty()) {
      return false;
    }
    steps.add(sums ? new ReshardStep.ReduceScatter(dim, run) : new ReshardStep.Slice(dim, run));
    now.get(dim).addAll(run);
    partial.removeAll(run);
    return true;
  }

  private void reduce() {
    if (!partial.isEmpty()) {
      steps.add(new ReshardStep.AllReduce(List.copyOf(partial)));
      partial.clear();
    }
  }

  /// Moves the minor axes of one dim to another that wants them next.
  private boolean move() {
    for (int from = 0; from < now.size(); from++) {
      List<String> surplus = surplus(from);
      for (int to = 0; to < now.size(); to++) {
        List<String> missing = missing(to);
        for (int n = Math.min(surplus.size(), missing.size()); n > 0; n--) {
          List<String> last = surplus.subList(surplus.size() - n, surplus.size());
          if (last.equals(missing.subList(0, n))) {
            steps.add(new ReshardStep.AllToAll(to, from, List.copyOf(last)));
            now.get(to).addAll(List.copyOf(last));
            removeLast(from, n);
            return true;
          }
        }
      }
    }
    return false;
  }

  private void gather() {
    int dim =
        IntStream.range(0, now.size())
            .filter(i -> !surplus(i).isEmpty())
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no way from " + now + " to " + target));
    List<String> surplus = List.copyOf(surplus(dim));
    steps.add(new ReshardStep.AllGather(dim, surplus));
    removeLast(dim, surplus.size());
  }

  private void removeLast(int dim, int count) {
    List<String> axes = now.get(dim);
    axes.subList(axes.size() - count, axes.size()).clear();
  }

  /// The axes of a dim after those that the target starts with.
  private List<String> surplus(int dim) {
    return now.get(dim).subList(common(dim), now.get(dim).size());
  }

  /// The axes that the target has after those of the dim; none if the dim has others.
  private List<String> missing(int dim) {
    int common = common(dim);
    return common < now.get(dim).size()
        ? List.of()
        : target.get(dim).subList(common, target.get(dim).size());
  }

  private int common(int dim) {
    int common = 0;
    List<String> a = now.get(dim);
    List<String> b = target.get(dim);
    while (common < Math.min(a.size(), b.size()) && a.get(common).equals(b.get(common))) {
      common++;
    }
    return common;
  }
}
