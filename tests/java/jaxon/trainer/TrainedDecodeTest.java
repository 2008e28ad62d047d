package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.huggingface.ModelTree;
import jaxon.checkpoint.tensor.ConvertedSource;
import jaxon.checkpoint.tensor.DeviceBlocks;
import jaxon.checkpoint.tensor.LiteralSource;
import jaxon.config.Configuration;
import jaxon.graph.interpret.Interpreter;
import jaxon.graph.trace.Array;
import jaxon.graph.trace.Ops;
import jaxon.graph.tree.Program;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.inference.Completion;
import jaxon.inference.DecodeSession;
import jaxon.inference.FinishReason;
import jaxon.inference.ParameterSource;
import jaxon.inference.Sampling;
import jaxon.inference.TextListener;
import jaxon.input.tokenizer.ByteTokenizer;
import jaxon.layers.CausalLm;
import jaxon.layers.TokenBatch;
import jaxon.layers.models.Models;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Texts of a small model that has learned `abcd…`, made with the cache, against those made by
/// running the whole window for each token.
class TrainedDecodeTest {
  /// Prompts of different lengths, one of which the model has never seen.
  private static final List<String> PROMPTS = List.of("ab", "d", "bcdab", "xyz", "cdabc");

  @TempDir private static Path place;

  private static SequencedMap<String, Literal> params;

  private record WindowInput(CausalLm params, Array tokens) {}

  @BeforeAll
  static void train() {
    TrainedModel model = TrainedModel.train(place, "cpu", "steps=40");
    model.assertLearns();
    params = model.params();
  }

  @ParameterizedTest
  @ValueSource(strings = {"interpreter", "cpu", "nd4j"})
  void greedyTextIsThatOfTheWholeWindow(String hardware) {
    try (DecodeSession session = open(3, "hardware=" + hardware)) {
      List<Completion> made = complete(session, PROMPTS, 100);
      for (int i = 0; i < PROMPTS.size(); i++) {
        int[] prompt = session.tokens(PROMPTS.get(i));
        assertThat(made.get(i).text())
            .as("after %s", PROMPTS.get(i))
            .isEqualTo(wholeWindow(prompt));
        assertThat(made.get(i).reason()).isEqualTo(FinishReason.WINDOW);
        assertThat(made.get(i).tokens()).isEqualTo(12 - prompt.length);
      }
      assertThat(made.getFirst().text()).startsWith("cdabcd");
    }
  }

  @Test
  void drawnTextDependsNeitherOnTheBatchNorOnThreads() {
    List<String> together;
    try (DecodeSession session = open(4)) {
      together =
          texts(
              session.complete(tokens(session, PROMPTS), 6, weighted(), TextListener.NONE).list());
    }
    List<String> alone = new ArrayList<>();
    try (DecodeSession session = open(1, "num_threads=1")) {
      for (String prompt : PROMPTS) {
        List<int[]> one = tokens(session, List.of(prompt));
        alone.addAll(texts(session.complete(one, 6, weighted(), TextListener.NONE).list()));
      }
    }
    assertThat(together).isEqualTo(alone);
    assertThat(together).doesNotHaveDuplicates();
  }

  @Test
  void computingInBfloat16GivesTheSameText() {
    try (DecodeSession session = open(2, "dtype=bfloat16")) {
      assertThat(complete(session, List.of("ab", "bcdab"), 6))
          .extracting(Completion::text)
          .containsExactly("cdabcd", "cdabcd");
      // All but the embedding's table, of which a step reads one row.
      long table = param("tokenEmbedder.embedding").type().bytes();
      long all = params.values().stream().mapToLong(p -> p.type().bytes()).sum();
      assertThat(session.parameterBytes()).isEqualTo((all + table) / 2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ici_tensor_parallelism=2",
        "ici_fsdp_parallelism=2",
        "ici_tensor_parallelism=2 scan_layers=false"
      })
  void meshesMakeTheSameText(String axes) {
    List<String> overrides = new ArrayList<>(List.of(axes.split(" ")));
    overrides.addAll(List.of("num_virtual_devices=2", "ici_data_parallelism=1"));
    try (DecodeSession session = open(2, overrides.toArray(String[]::new))) {
      List<String> expected =
          PROMPTS.stream().map(prompt -> wholeWindow(session.tokens(prompt))).toList();
      assertThat(texts(complete(session, PROMPTS, 100))).isEqualTo(expected);
    }
  }

  private static DecodeSession open(int rows, String... overrides) {
    List<String> all = new ArrayList<>(TrainedModel.SHAPE);
    all.add("hardware=cpu");
    all.addAll(List.of(overrides));
    Configuration config = TinyRun.config(place, all.toArray(String[]::new));
    TensorSource tree = ModelTree.of(new LiteralSource(params), config);
    return DecodeSession.open(
        config,
        rows,
        Optional.<ParameterSource>of(
            (path, type) -> DeviceBlocks.of(new ConvertedSource(tree, type.dtype()), path)));
  }

  private static Literal param(String path) {
    return Objects.requireNonNull(params.get(path), path);
  }

  private static List<Completion> complete(DecodeSession session, List<String> prompts, int limit) {
    Sampling greedy = Sampling.of(TinyRun.config(place), 0);
    return session.complete(tokens(session, prompts), limit, greedy, TextListener.NONE).list();
  }

  private static Sampling weighted() {
    return Sampling.of(
        TinyRun.config(place, "decode_sampling_strategy=weighted", "decode_sampling_temperature=3"),
        7);
  }

  private static List<int[]> tokens(DecodeSession session, List<String> prompts) {
    return prompts.stream().map(session::tokens).toList();
  }

  private static List<String> texts(List<Completion> completions) {
    return completions.stream().map(Completion::text).toList();
  }

  /// Greedy text to the end of the window, by the interpreter.
  private static String wholeWindow(int[] prompt) {
    Configuration config = TinyRun.config(place, TrainedModel.SHAPE.toArray(String[]::new));
    WindowInput template =
        new WindowInput(
            Models.init(config).template(), Array.placeholder(TensorType.of(DType.I32, 1, 12)));
    Program<WindowInput, Array> program =
        Program.trace(
            "window",
            template,
            input -> {
              Array positions = Ops.iota(input.tokens().type(), 1);
              Array segments = Ops.full(input.tokens().type(), 1);
              return input.params().apply(new TokenBatch(input.tokens(), positions, segments));
            });
    int[] tokens = Arrays.copyOf(prompt, 12);
    for (int length = prompt.length; length < 12; length++) {
      List<Literal> inputs = new ArrayList<>(params.values());
      inputs.add(Literal.ofInts(tokens, 1, 12));
      Literal logits = Interpreter.run(program.graph(), inputs).getFirst();
      tokens[length] = likeliest(logits, length - 1);
    }
    return new ByteTokenizer().decode(Arrays.copyOfRange(tokens, prompt.length, 12));
  }

  private static int likeliest(Literal logits, int position) {
    int vocab = (int) logits.type().shape().dim(2);
    int best = 0;
    for (int i = 1; i < vocab; i++) {
      if (logits.get((long) position * vocab + i) > logits.get((long) position * vocab + best)) {
        best = i;
      }
    }
    return best;
  }
}
