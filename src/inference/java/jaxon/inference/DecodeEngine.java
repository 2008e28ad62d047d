package jaxon.inference;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import jaxon.graph.Graph;
import jaxon.graph.type.Literal;
import jaxon.runtime.Backend;
import jaxon.runtime.Buffers;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Executable;

/// A cache on the devices with the programs that read and extend it; one caller at a time.
///
/// There is one prompt program for each length from [#SHORTEST] on that is a power of two, up to
/// the number of slots: a prompt takes the shortest that holds it.
final class DecodeEngine implements AutoCloseable {
  /// Length of the shortest prompt program.
  static final int SHORTEST = 16;

  private final DecodePrograms programs;
  private final Backend backend;
  private final CompileOptions options;
  private final SortedMap<Integer, Executable> prompts = new TreeMap<>();
  private final Executable step;
  private Buffers params = Buffers.none();
  private Buffers cache = Buffers.none();

  /// Compiles the step and makes the cache; [#use] must follow.
  DecodeEngine(DecodePrograms programs, Backend backend, CompileOptions options) {
    this.programs = programs;
    this.backend = backend;
    this.options = options;
    this.step = compile(programs.step().graph());
    try (Executable empty =
        backend.compile(
            programs.emptyCache().graph(), options.placed(programs.emptyCachePlacement()))) {
      cache = Buffers.none().execute(empty);
    } catch (RuntimeException | Error e) {
      step.close();
      throw e;
    }
  }

  private Executable compile(Graph graph) {
    return backend.compile(
        graph, options.placed(programs.placement(graph)).donateFirst(DecodePrograms.CACHE_SIZE));
  }

  /// The parameters to use from now on, which stay the caller's.
  void use(Buffers others) {
    params = others;
  }

  /// The program whose inputs [DecodePrograms#CACHE_SIZE] and on are the parameters.
  Executable consumer() {
    return step;
  }

  /// Rows of the cache.
  int rows() {
    return programs.rows();
  }

  /// Slots of each row: tokens that a text can have in all.
  int slots() {
    return programs.slots();
  }

  /// Compiles what a prompt of `length` tokens needs, unless it is there.
  void prepare(int length) {
    program(length);
  }

  private Executable program(int length) {
    return prompts.computeIfAbsent(bucket(length), size -> compile(programs.prompt(size).graph()));
  }

  private int bucket(int length) {
    if (length < 1 || length > slots()) {
      throw new IllegalArgumentException(
          "a prompt of " + length + " tokens, in a row of " + slots() + " slots");
    }
    int size = Math.max(SHORTEST, Integer.highestOneBit(length));
    return Math.min(size < length ? 2 * size : size, slots());
  }

  /// Reads a prompt into a row and gives the logits of the token after it.
  float[] prompt(int row, int[] tokens) {
    int length = bucket(tokens.length);
    List<Literal> inputs =
        List.of(
            Literal.ofInts(Arrays.copyOf(tokens, length), 1, length),
            Literal.ofInts(new int[] {tokens.length}),
            Literal.ofInts(new int[] {row}));
    return run(program(tokens.length), inputs);
  }

  /// Adds a token to each row and gives the logits of the next, row by row `[B, V]`.
  ///
  /// @param tokens one for each row; anything for a row that holds no text
  /// @param positions the position of each, below [#slots]
  float[] step(int[] tokens, int[] positions) {
    return run(
        step,
        List.of(Literal.ofInts(tokens, tokens.length), Literal.ofInts(positions, tokens.length)));
  }

  private float[] run(Executable program, List<Literal> values) {
    int first = DecodePrograms.CACHE_SIZE + params.list().size();
    try (Buffers inputs = Buffers.put(backend, program, first, values)) {
      Buffers results = cache.execute(program, params, inputs);
      cache = results.part(0, DecodePrograms.CACHE_SIZE);
      try (Buffers logits = results.part(DecodePrograms.CACHE_SIZE, results.list().size())) {
        return floats(logits.list().getFirst().toLiteral());
      }
    }
  }

  private static float[] floats(Literal logits) {
    return switch (logits.toStorage()) {
      case float[] narrow -> narrow;
      case double[] wide -> {
        float[] narrow = new float[wide.length];
        for (int i = 0; i < wide.length; i++) {
          narrow[i] = (float) wide[i];
        }
        yield narrow;
      }
      default -> throw new IllegalStateException("logits of type " + logits.type());
    };
  }

  /// Bytes of one slot of one row in all layers.
  long slotBytes() {
    return DecodePrograms.CACHE_SIZE * programs.cache().bytes() / ((long) rows() * slots());
  }

  @Override
  public void close() {
    prompts.values().forEach(Executable::close);
    step.close();
    cache.close();
  }
}
