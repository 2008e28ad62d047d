package jaxon.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.tree.Program;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.ShapeException;
import jaxon.graph.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A model that goes on from a cache against the same model on whole sequences, in float64.
class CachedModelTest {
  private static final int SLOTS = 7;
  private static final int PADDED = 5;
  private static final int[] FIRST = {3, 1, 4, 1, 5, 9};
  private static final int[] SECOND = {2, 7, 1, 8, 2, 8, 1};

  private record PromptInput(KvCache cache, CausalLm model, NewTokens.Prompt prompt) {}

  private record StepInput(KvCache cache, CausalLm model, NewTokens.Step step) {}

  private record Result(KvCache cache, Array logits) {}

  /// Logits of the whole sequences, one for each position.
  private double[] first = {};

  private double[] second = {};

  /// Rows of lengths 3 and 5 grow by steps; the cache starts with numbers that must not matter.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void promptAndStepsGiveTheLogitsOfTheWholeSequence(boolean scanned) {
    ModelRun run =
        ModelRun.of(
            Configs.tiny("dtype=float64", "weight_dtype=float64", "scan_layers=" + scanned));
    first = run.logits(FIRST).toDoubles();
    second = run.logits(SECOND).toDoubles();
    List<Literal> cache = junk(run);
    cache = prompt(run, cache, 1, SECOND, 5);
    cache = prompt(run, cache, 0, FIRST, 3);
    for (int step = 0; step < 2; step++) {
      int[] positions = {3 + step, 5 + step};
      int[] tokens = {FIRST[positions[0]], SECOND[positions[1]]};
      cache = step(run, cache, tokens, positions);
    }
  }

  @Test
  void queriesMustFitTheCache() {
    DotProductAttention form = new DotProductAttention(true, 0, 1, 0, false, true);
    TensorType type = TensorType.of(DType.F32, 2, 1, 4, 2, 8);
    assertThatThrownBy(() ->
            Program.trace(
                "misfit",
                KvCache.template(type),
                cache ->
                    new CachedAttention(form)
                        .apply(
                            Ops.zeros(TensorType.of(DType.F32, 1, 1, 3, 8)),
                            cache,
                            Ops.constant(DType.I32, 0),
                            Ops.zeros(TensorType.of(DType.I32, 1, 1)))))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("with G dividing H");
  }

  @Test
  void windowHidesWhatIsFarBack() {
    double[] near = attend(2, 3);
    double[] all = attend(0, 3);
    // Values are their slots, logits are equal: the result is the mean of the slots seen.
    assertThat(near[0]).isCloseTo(2.5, within(1e-12));
    assertThat(all[0]).isCloseTo(1.5, within(1e-12));
    assertThat(attend(0, -1)[0]).isZero();
  }

  private static double[] attend(long window, int position) {
    DotProductAttention form = new DotProductAttention(true, window, 1, 0, false, true);
    TensorType type = TensorType.of(DType.F64, 1, 1, 6, 1, 1);
    Program<List<Array>, Array> program =
        Program.trace(
            "window",
            List.of(),
            _ ->
                new CachedAttention(form)
                    .apply(
                        Ops.zeros(TensorType.of(DType.F64, 1, 1, 1, 1)),
                        new KvCache(Ops.zeros(type), Ops.iota(type, 2)),
                        Ops.constant(DType.I32, 0),
                        Ops.full(TensorType.of(DType.I32, 1, 1), position)));
    return Interpreter.run(program.graph(), List.of()).getFirst().toDoubles();
  }

  private static List<Literal> junk(ModelRun run) {
    Literal values =
        Literal.generate(
            run.model().template().cacheType(2, SLOTS), i -> 1e3 * Math.sin((double) i));
    return List.of(values, values);
  }

  private List<Literal> prompt(
      ModelRun run, List<Literal> cache, int row, int[] tokens, int length) {
    PromptInput template =
        new PromptInput(
            KvCache.template(cache.getFirst().type()),
            run.model().template(),
            new NewTokens.Prompt(
                Array.placeholder(TensorType.of(DType.I32, 1, PADDED)),
                Array.placeholder(TensorType.of(DType.I32)),
                Array.placeholder(TensorType.of(DType.I32))));
    Program<PromptInput, Result> program =
        Program.trace("prompt", template, in -> result(in.model().extend(in.cache(), in.prompt())));
    int[] padded = Arrays.copyOf(Arrays.copyOf(tokens, length), PADDED);
    List<Literal> results =
        interpret(
            program,
            cache,
            run,
            Literal.ofInts(padded, 1, PADDED),
            Literal.ofInts(new int[] {length}),
            Literal.ofInts(new int[] {row}));
    double[] whole = row == 0 ? first : second;
    int counted = length * whole.length / tokens.length;
    assertThat(Arrays.copyOf(results.get(2).toDoubles(), counted))
        .containsExactly(Arrays.copyOf(whole, counted), within(1e-10));
    return results.subList(0, 2);
  }

  private List<Literal> step(ModelRun run, List<Literal> cache, int[] tokens, int[] positions) {
    TensorType each = TensorType.of(DType.I32, 2, 1);
    StepInput template =
        new StepInput(
            KvCache.template(cache.getFirst().type()),
            run.model().template(),
            new NewTokens.Step(Array.placeholder(each), Array.placeholder(each)));
    Program<StepInput, Result> program =
        Program.trace("step", template, in -> result(in.model().extend(in.cache(), in.step())));
    List<Literal> results =
        interpret(
            program, cache, run, Literal.ofInts(tokens, 2, 1), Literal.ofInts(positions, 2, 1));
    double[] logits = results.get(2).toDoubles();
    int vocab = logits.length / 2;
    for (int row = 0; row < 2; row++) {
      double[] whole = row == 0 ? first : second;
      int at = positions[row] * vocab;
      assertThat(Arrays.copyOfRange(logits, row * vocab, (row + 1) * vocab))
          .as("row %d at position %d", row, positions[row])
          .containsExactly(Arrays.copyOfRange(whole, at, at + vocab), within(1e-10));
    }
    return results.subList(0, 2);
  }

  private static Result result(CausalLm.Extended extended) {
    Array hidden = extended.prediction().hidden();
    return new Result(extended.cache(), extended.prediction().output().apply(hidden));
  }

  private static List<Literal> interpret(
      Program<?, ?> program, List<Literal> cache, ModelRun run, Literal... rest) {
    List<Literal> inputs = new ArrayList<>(cache);
    inputs.addAll(run.parameters());
    inputs.addAll(List.of(rest));
    return Interpreter.run(program.graph(), inputs);
  }
}
