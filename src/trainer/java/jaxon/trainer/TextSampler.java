package jaxon.trainer;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import jaxon.config.Configuration;
import jaxon.config.SamplingStrategy;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.trace.Threefry;
import jaxon.graph.tree.Program;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.graph.type.TensorType;
import jaxon.input.tokenizer.Tokenizer;
import jaxon.layers.CausalLm;
import jaxon.layers.TokenBatch;
import jaxon.runtime.Backend;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Executable;

/// Continues a prompt, to show what the model has learned.
///
/// Runs the whole window for every token: simple, and fast enough for a sample of a small model.
final class TextSampler implements AutoCloseable {
  /// What the next-token program takes.
  ///
  /// @param tokens `i32[1, T]`, of which the first `length` count
  /// @param length `i32[]`, at least 1
  /// @param key `ui32[2]`
  record Input(CausalLm params, Array tokens, Array length, Array key) {}

  private final Backend backend;
  private final Executable program;
  private final Tokenizer tokenizer;
  private final int window;
  private final long seed;

  private TextSampler(
      Backend backend, Executable program, Tokenizer tokenizer, int window, long seed) {
    this.backend = backend;
    this.program = program;
    this.tokenizer = tokenizer;
    this.window = window;
    this.seed = seed;
  }

  static TextSampler compile(
      Configuration config, TrainPrograms programs, Backend backend, Tokenizer tokenizer) {
    int window = config.data().maxTargetLength();
    boolean greedy = config.eval().decodeSamplingStrategy() == SamplingStrategy.GREEDY;
    double temperature = greedy ? 0 : config.eval().decodeSamplingTemperature();
    Input template =
        new Input(
            programs.paramsTemplate(),
            Array.placeholder(TensorType.of(DType.I32, 1, window)),
            Array.placeholder(TensorType.of(DType.I32)),
            Array.placeholder(TensorType.of(DType.UI32, 2)));
    Program<Input, Array> next =
        Program.trace("next_token", template, input -> nextToken(input, temperature));
    CompileOptions options =
        TrainPrograms.options(config).placed(programs.placement().onParams(next.graph()));
    Executable program = backend.compile(next.graph(), options);
    return new TextSampler(backend, program, tokenizer, window, config.run().initWeightsSeed());
  }

  /// The next token (`i32[]`): the likeliest one at temperature 0, else drawn from the tempered
  /// distribution by the Gumbel-max trick.
  private static Array nextToken(Input input, double temperature) {
    Array positions = Ops.iota(input.tokens().type(), 1);
    Array segments = positions.lt(input.length()).astype(DType.I32);
    Array logits = input.params().apply(new TokenBatch(input.tokens(), positions, segments));
    Array zero = Ops.constant(DType.I32, 0);
    Array last =
        Ops.dynamicSlice(
                logits, List.of(zero, input.length().sub(1), zero), Shape.of(1, 1, logits.dim(2)))
            .reshape(logits.dim(2))
            .astype(DType.F32);
    if (temperature == 0) {
      return Ops.argmax(last, 0);
    }
    Array uniform = Threefry.uniform(input.key(), last.shape(), Float.MIN_NORMAL, 1);
    Array gumbel = uniform.log().neg().log().neg();
    return Ops.argmax(last.div(temperature).add(gumbel), 0);
  }

  /// Gives `count` more tokens of text after `prompt` to `out`, piece by piece; stops at the end
  /// token.
  void run(Buffers params, String prompt, int count, Consumer<String> out) {
    int[] tokens = withBegin(tokenizer.encode(prompt));
    String shown = tokenizer.decode(tokens);
    for (int i = 0; i < count; i++) {
      int token = next(params, tokens, i);
      OptionalInt end = tokenizer.eosId();
      if (end.isPresent() && end.getAsInt() == token) {
        return;
      }
      tokens = Arrays.copyOf(tokens, tokens.length + 1);
      tokens[tokens.length - 1] = token;
      String text = tokenizer.decode(tokens);
      // The last character may still lack bytes; it is shown when it is whole.
      if (!text.endsWith("\uFFFD") && text.startsWith(shown)) {
        out.accept(text.substring(shown.length()));
        shown = text;
      }
    }
  }

  private int[] withBegin(int[] prompt) {
    OptionalInt begin = tokenizer.bosId();
    if (begin.isEmpty()) {
      return prompt.length == 0 ? new int[] {0} : prompt;
    }
    int[] tokens = new int[prompt.length + 1];
    tokens[0] = begin.getAsInt();
    System.arraycopy(prompt, 0, tokens, 1, prompt.length);
    return tokens;
  }

  private int next(Buffers params, int[] tokens, int index) {
    int length = Math.min(tokens.length, window);
    int[] visible = new int[window];
    System.arraycopy(tokens, tokens.length - length, visible, 0, length);
    List<Literal> inputs =
        List.of(
            Literal.ofInts(visible, 1, window),
            Literal.ofInts(new int[] {length}),
            Literal.wrap(TensorType.of(DType.UI32, 2), new int[] {(int) seed, index}));
    try (Buffers step = Buffers.put(backend, program, params.list().size(), inputs);
        Buffers result = params.execute(program, step)) {
      return (int) result.list().getFirst().toLiteral().getLong(0);
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
