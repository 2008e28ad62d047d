package jaxon.runtime.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import jaxon.graph.Graph;
import jaxon.graph.Var;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Tracer;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.testing.RandomGraphs;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {
  private static final TensorType X = TensorType.of(DType.F32, 4, 4);
  private static final SortedSet<Integer> NONE = new TreeSet<>();
  private static final SortedSet<Integer> FIRST = new TreeSet<>(List.of(0));

  private static Graph trace(Function<List<Array>, List<Array>> function) {
    return Tracer.traceClosed("f", List.of(X, X), function);
  }

  private static Storage storage(MemoryPlan plan, Graph graph, int equation) {
    return plan.storage(graph.equations().get(equation).output());
  }

  @Test
  void elementwiseChainsRunInPlace() {
    Graph graph = trace(args -> List.of(args.getFirst().exp().neg().sin().cos().sum()));
    MemoryPlan plan = MemoryPlan.of(graph, NONE);
    assertThat(plan.arenaBytes()).isEqualTo(64);
    assertThat(plan.storage(graph.inputs().getFirst())).isEqualTo(new Storage.Input(0));
    for (int i = 0; i < 4; i++) {
      assertThat(storage(plan, graph, i)).isEqualTo(new Storage.Arena(0, 64));
    }
    assertThat(storage(plan, graph, 4)).isEqualTo(new Storage.Output(0));
    assertThat(plan.mustCopyOutput(0)).isFalse();
  }

  @Test
  void undonatedInputsAreNotOverwritten() {
    Graph graph = trace(args -> List.of(args.getFirst().exp()));
    assertThat(storage(MemoryPlan.of(graph, NONE), graph, 0)).isEqualTo(new Storage.Output(0));
  }

  @Test
  void anUpdateRunsInPlaceOfItsDonatedInput() {
    Graph graph = trace(args -> List.of(args.get(0).sub(args.get(1).mul(0.1))));
    MemoryPlan plan = MemoryPlan.of(graph, FIRST);
    assertThat(plan.storage(graph.outputs().getFirst())).isEqualTo(new Storage.Input(0));
    assertThat(plan.mustCopyOutput(0)).isFalse();
  }

  @Test
  void aDonatedInputThatIsReadLaterIsNotOverwritten() {
    Graph graph =
        trace(args -> {
          Array updated = args.get(0).sub(args.get(1));
          return List.of(updated, args.get(0).exp());
        });
    MemoryPlan plan = MemoryPlan.of(graph, FIRST);
    assertThat(plan.storage(graph.outputs().get(0))).isEqualTo(new Storage.Output(0));
    assertThat(plan.storage(graph.outputs().get(1))).isEqualTo(new Storage.Input(0));
  }

  @Test
  void anyResultMayTakeOverADeadDonatedInput() {
    Graph graph = trace(args -> List.of(Ops.dot(args.get(0).exp().transpose(1, 0), args.get(1))));
    MemoryPlan plan = MemoryPlan.of(graph, FIRST);
    assertThat(plan.storage(graph.outputs().getFirst())).isEqualTo(new Storage.Input(0));
  }

  @Test
  void resultsTakeOverDeadDonatedInputsOfTheirOwnSizes() {
    List<TensorType> types = new ArrayList<>();
    SortedSet<Integer> donated = new TreeSet<>();
    for (int i = 0; i < 7; i++) {
      types.add(TensorType.of(DType.F32, i + 1));
      donated.add(i);
    }
    for (int first = 0; first < 7; first++) {
      for (int second = 0; second < 7; second++) {
        List<TensorType> results = List.of(types.get(first), types.get(second));
        Graph graph = Tracer.traceClosed("f", types, args -> broadcastsOfTheSum(args, results));
        MemoryPlan plan = MemoryPlan.of(graph, donated);
        assertThat(plan.storage(graph.outputs().get(0))).isEqualTo(new Storage.Input(first));
        assertThat(plan.storage(graph.outputs().get(1)))
            .isEqualTo(first == second ? new Storage.Output(1) : new Storage.Input(second));
      }
    }
  }

  private static List<Array> broadcastsOfTheSum(List<Array> args, List<TensorType> results) {
    Array sum = args.stream().map(Array::sum).reduce(Array::add).orElseThrow();
    return results.stream().map(type -> sum.broadcastTo(type.shape()).exp()).toList();
  }

  @Test
  void aReshapeSharesStorageAndKeepsItAlive() {
    Graph graph =
        trace(args -> {
          Array flat = args.get(0).exp().reshape(16);
          Array other = args.get(1).exp();
          return List.of(flat.sum(), other.sum(), flat.neg().sum());
        });
    MemoryPlan plan = MemoryPlan.of(graph, NONE);
    assertThat(storage(plan, graph, 1)).isEqualTo(storage(plan, graph, 0));
    assertThat(storage(plan, graph, 2)).isNotEqualTo(storage(plan, graph, 0));
  }

  @Test
  void aValueThatIsAlsoReadThroughAViewIsNotOverwritten() {
    Var x = new Var(X);
    Var a = new Var(X);
    Var turned = new Var(X);
    Var sum = new Var(X);
    Var end = new Var(X);
    List<Step> steps =
        List.of(
            step(List.of(x), a, new Step.Placement.Fresh()),
            step(List.of(a), turned, new Step.Placement.View(0, false)),
            step(List.of(a, turned), sum, new Step.Placement.MayOverwrite(List.of(0, 1))),
            step(List.of(sum), end, new Step.Placement.Fresh()));
    MemoryPlan plan = plan(List.of(x), steps, List.of(end));
    assertThat(plan.storage(turned)).isEqualTo(plan.storage(a));
    assertThat(plan.storage(sum)).isNotEqualTo(plan.storage(a));
  }

  @Test
  void scratchIsFreeAgainAfterItsStep() {
    Var x = new Var(X);
    Var scratch = new Var(TensorType.of(DType.UI8, 1000));
    Var a = new Var(X);
    Var b = new Var(X);
    List<Step> steps =
        List.of(
            new Step(
                List.of(x),
                List.of(
                    new Step.Write(scratch, new Step.Placement.Fresh()),
                    new Step.Write(a, new Step.Placement.Fresh()))),
            step(List.of(a), b, new Step.Placement.Fresh()),
            step(List.of(b), new Var(X), new Step.Placement.Fresh()));
    MemoryPlan plan = plan(List.of(x), steps, List.of());
    assertThat(plan.storage(scratch)).isEqualTo(new Storage.Arena(0, 1024));
    assertThat(plan.storage(a)).isEqualTo(new Storage.Arena(1024, 64));
    assertThat(plan.storage(b)).isEqualTo(new Storage.Arena(0, 64));
    assertThat(plan.arenaBytes()).isEqualTo(1088);
    assertThat(plan.peakLiveBytes()).isEqualTo(1088);
  }

  @Test
  void tellsWhichOutputsMustBeCopied() {
    Graph graph =
        trace(args -> {
          Array a = args.get(0).exp();
          Array constant = Ops.constant(DType.F32, 1);
          return List.of(args.get(0), args.get(1), a, a, a.reshape(16), constant);
        });
    MemoryPlan plan = MemoryPlan.of(graph, FIRST);
    assertThat(List.of(0, 1, 2, 3, 4, 5).stream().map(plan::mustCopyOutput))
        .containsExactly(false, true, false, true, true, true);
  }

  @Test
  void outputsThatMayNotTakeInputsGetMemoryOfTheirOwn() {
    Var x = new Var(X);
    Var a = new Var(X);
    List<Step> steps = List.of(step(List.of(x), a, new Step.Placement.MayOverwrite(List.of(0))));
    MemoryPlan taking =
        MemoryPlan.of(List.of(x), steps, List.of(a), FIRST, 1, var -> var.type().bytes());
    MemoryPlan apart =
        MemoryPlan.of(List.of(x), steps, List.of(a), FIRST, 0, var -> var.type().bytes());
    assertThat(taking.storage(a)).isEqualTo(new Storage.Input(0));
    assertThat(apart.storage(a)).isEqualTo(new Storage.Output(0));
  }

  @Test
  void noTwoLiveValuesOverlapOnRandomGraphs() {
    for (int seed = 0; seed < 150; seed++) {
      Graph graph = RandomGraphs.graph(seed);
      SortedSet<Integer> donated = seed % 2 == 0 ? NONE : new TreeSet<>(List.of(0, 2));
      MemoryPlan plan = MemoryPlan.of(graph, donated);
      PlanCheck.check(graph, plan, donated);
      assertThat(plan.arenaBytes()).isGreaterThanOrEqualTo(plan.peakLiveBytes());
    }
  }

  @Test
  void theReplayFindsAPlanThatForgetsResults() {
    Graph graph = trace(args -> List.of(args.get(0).sum(), args.get(1).sum()));
    MemoryPlan plan =
        MemoryPlan.of(
            graph.inputs(), Step.of(graph), List.of(), NONE, 0, var -> var.type().bytes());
    assertThatThrownBy(() -> PlanCheck.check(graph, plan, NONE))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("overwritten");
  }

  @Test
  void thePlanIsAFunctionOfTheGraph() {
    Graph graph = RandomGraphs.graph(7);
    MemoryPlan first = MemoryPlan.of(graph, FIRST);
    MemoryPlan second = MemoryPlan.of(graph, FIRST);
    graph
        .equations()
        .forEach(equation ->
            equation
                .outputs()
                .forEach(var -> assertThat(first.storage(var)).isEqualTo(second.storage(var))));
  }

  @Test
  void refusesStepsThatReadBeforeTheyWrite() {
    Var unknown = new Var(X);
    List<Step> steps = List.of(step(List.of(unknown), new Var(X), new Step.Placement.Fresh()));
    assertThatThrownBy(() -> plan(List.of(), steps, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("read before a step writes it");
  }

  /// What a step only begins may be put over its operand, which otherwise stays until the step that
  /// holds it.
  @Test
  void whatIsUnderWayKeepsItsMemory() {
    Step.Placement fresh = new Step.Placement.Fresh();
    Step.Placement over = new Step.Placement.MayOverwrite(List.of(0));
    for (Step.Placement placement : List.of(fresh, over)) {
      Var x = new Var(X);
      Var operand = new Var(X);
      Var result = new Var(X);
      Var beside = new Var(X);
      List<Step> steps =
          List.of(
              step(List.of(x), operand, fresh),
              new Step(
                  List.of(operand), List.of(new Step.Write(result, placement)), List.of(), true),
              step(List.of(x), beside, fresh),
              new Step(List.of(result), List.of(), List.of(operand), false),
              step(List.of(result, beside), new Var(X), fresh));
      MemoryPlan plan = plan(List.of(x), steps, List.of());
      assertThat(plan.storage(result).equals(plan.storage(operand)))
          .isEqualTo(placement.equals(over));
      assertThat(plan.storage(beside))
          .isNotEqualTo(plan.storage(operand))
          .isNotEqualTo(plan.storage(result));
    }
  }

  @Test
  void whatIsBegunDoesNotOverwriteAnOutput() {
    Step.Placement over = new Step.Placement.MayOverwrite(List.of(0));
    Var x = new Var(X);
    Var operand = new Var(X);
    Var result = new Var(X);
    List<Step> steps =
        List.of(
            step(List.of(x), operand, over),
            new Step(List.of(operand), List.of(new Step.Write(result, over)), List.of(), true),
            new Step(List.of(result), List.of(), List.of(operand), false));
    MemoryPlan plan =
        MemoryPlan.of(List.of(x), steps, List.of(operand), FIRST, 1, var -> var.type().bytes());
    assertThat(plan.storage(operand)).isEqualTo(new Storage.Input(0));
    assertThat(plan.storage(result)).isNotEqualTo(plan.storage(operand));
  }

  @Test
  void readersBetweenStartAndEndDoNotOverwriteTheOperand() {
    Var x = new Var(X);
    Var operand = new Var(X);
    Var reader = new Var(X);
    List<Step> steps =
        List.of(
            step(List.of(x), operand, new Step.Placement.Fresh()),
            new Step(
                List.of(operand),
                List.of(new Step.Write(new Var(X), new Step.Placement.MayOverwrite(List.of(0)))),
                List.of(),
                true),
            step(List.of(operand), reader, new Step.Placement.MayOverwrite(List.of(0))),
            new Step(List.of(), List.of(), List.of(operand), false));
    MemoryPlan plan = plan(List.of(x), steps, List.of());
    assertThat(plan.storage(reader)).isNotEqualTo(plan.storage(operand));
  }

  @Test
  void pinnedValuesShareTheirPlaceWithNothing() {
    Var x = new Var(X);
    Var first = new Var(X);
    Var pinned = new Var(X);
    Var last = new Var(X);
    Step.Placement fresh = new Step.Placement.Fresh();
    List<Step> steps =
        List.of(
            step(List.of(x), first, fresh),
            step(List.of(first), pinned, new Step.Placement.MayOverwrite(List.of(0))),
            step(List.of(pinned), last, new Step.Placement.MayOverwrite(List.of(0))));
    MemoryPlan plan =
        MemoryPlan.of(
            List.of(x), steps, List.of(), NONE, 0, List.of(pinned), var -> var.type().bytes());
    assertThat(plan.storage(pinned))
        .isNotEqualTo(plan.storage(first))
        .isNotEqualTo(plan.storage(last));
  }

  private static Step step(List<Var> reads, Var write, Step.Placement placement) {
    return new Step(reads, List.of(new Step.Write(write, placement)));
  }

  private static MemoryPlan plan(List<Var> inputs, List<Step> steps, List<Var> outputs) {
    return MemoryPlan.of(inputs, steps, outputs, NONE, outputs.size(), var -> var.type().bytes());
  }
}
