package jaxon.runtime.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.function.ToLongFunction;
import jaxon.graph.Graph;
import jaxon.graph.Var;

/// Where every value of a straight list of steps lives, so that running them allocates nothing but
/// results.
///
/// Temporaries share one arena and reuse the space of dead ones; a result takes over a dead donated
/// input of its size where there is one. The plan depends on nothing but its arguments.
public final class MemoryPlan {
  /// Every arena offset is a multiple of this many bytes: a cache line, and the widest vector.
  public static final long ALIGNMENT = 64;

  private final Aliases aliases;
  private final List<Boolean> copied;
  private final long arenaBytes;
  private final long liveBytes;

  private MemoryPlan(Aliases aliases, List<Boolean> copied, long arenaBytes, long liveBytes) {
    this.aliases = aliases;
    this.copied = List.copyOf(copied);
    this.arenaBytes = arenaBytes;
    this.liveBytes = liveBytes;
  }

  /// The plan for a graph under the placements of [Step#of] and dense sizes.
  public static MemoryPlan of(Graph graph, SortedSet<Integer> donated) {
    return of(
        graph.inputs(),
        Step.of(graph),
        graph.outputs(),
        donated,
        graph.outputs().size(),
        var -> var.type().bytes());
  }

  /// The plan for `steps`, which map `inputs` to `outputs`.
  ///
  /// `donated` are positions of inputs whose memory may be overwritten once they are dead; only the
  /// first `takers` outputs may end up in such memory; `bytes` is the size of a value. Throws
  /// [IllegalArgumentException] when a value is read before it is written or is written twice.
  public static MemoryPlan of(
      List<Var> inputs,
      List<Step> steps,
      List<Var> outputs,
      SortedSet<Integer> donated,
      int takers,
      ToLongFunction<Var> bytes) {
    return of(inputs, steps, outputs, donated, takers, List.of(), bytes);
  }

  /// The plan with `pinned` values that have a place of their own throughout: what is written there
  /// stays until it is written again in the next run of the steps.
  public static MemoryPlan of(
      List<Var> inputs,
      List<Step> steps,
      List<Var> outputs,
      SortedSet<Integer> donated,
      int takers,
      List<Var> pinned,
      ToLongFunction<Var> bytes) {
    Aliases aliases = Aliases.of(inputs, steps, outputs, bytes);
    Placer placer = new Placer(aliases, inputs, steps.size(), donated, takers);
    pinned.forEach(placer::pin);
    steps.forEach(placer::place);
    List<Boolean> copied = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      copied.add(!owns(aliases.group(outputs.get(i)), i, donated));
    }
    return new MemoryPlan(aliases, copied, placer.arenaBytes(), placer.liveBytes());
  }

  private static boolean owns(AliasGroup group, int output, SortedSet<Integer> donated) {
    return group.output == output
        && switch (group.chosen()) {
          case Storage.Output _ -> true;
          case Storage.Input(int position) -> donated.contains(position);
          case Storage.Arena _, Storage.External _ -> false;
        };
  }

  /// The storage of `var`; a view has the storage of what it views.
  public Storage storage(Var var) {
    return aliases.group(var).chosen();
  }

  /// True when program output `position` is not in a buffer that can be handed out, so that the
  /// backend must copy it at the end: it is an input that is not donated, a constant, a partial
  /// view, or another output again.
  public boolean mustCopyOutput(int position) {
    return copied.get(position);
  }

  /// The size of the arena.
  public long arenaBytes() {
    return arenaBytes;
  }

  /// The most bytes (each value rounded up to [#ALIGNMENT]) that were live in the arena at once: no
  /// plan with these takeovers can use less.
  public long peakLiveBytes() {
    return liveBytes;
  }
}
