package jaxon.checkpoint.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import jaxon.checkpoint.LlamaRepository;
import jaxon.checkpoint.PlainSafetensors;
import jaxon.checkpoint.PlainSafetensors.Stored;
import jaxon.cli.CommandRun;
import jaxon.reference.HandWrittenLlama;
import jaxon.reference.LlamaShape;
import jaxon.reference.LlamaWeights;
import jaxon.reference.TokenLoss;
import jaxon.reference.TokenRows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `jaxon verify logits` against the model written by hand in float64.
class VerifyLogitsTest {
  private static final int LENGTH = 300;
  private static final double LOGITS = 3e-4;
  private static final double GRADIENTS = 1e-4;

  @TempDir private Path place;

  @ParameterizedTest
  @CsvSource({"llama2, cpu", "llama3.2, cpu", "llama3.2, nd4j", "llama3, interpreter"})
  void logitsAndGradientsAreThoseOfTheReference(String family, String hardware) throws IOException {
    LlamaRepository repository = new LlamaRepository(shape(family));
    Path directory = repository.write(place.resolve(family));
    int vocab = repository.weights().shape().vocab();
    int[] tokens = new SplittableRandom(3).ints(LENGTH, 0, vocab).toArray();
    CommandRun run = verify(directory, tokens, hardware);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();

    TokenRows rows = rows(tokens);
    HandWrittenLlama model = new HandWrittenLlama(repository.weights());
    HandWrittenLlama.Forward forward = model.forward(rows);
    SequencedMap<String, Stored> found = PlainSafetensors.read(place.resolve("out.safetensors"));
    assertThat(found.keySet()).containsExactly("logits_long", "logits_short");
    assertLogits(PlainSafetensors.get(found, "logits_long"), forward.logits(), LENGTH, vocab);
    double[] first = Arrays.copyOf(forward.logits(), 2 * vocab);
    assertLogits(PlainSafetensors.get(found, "logits_short"), first, 2, vocab);
    LlamaWeights expected =
        model.backward(forward, TokenLoss.of(forward.logits(), rows, 0).dLogits());
    SequencedMap<String, Stored> gradients =
        PlainSafetensors.read(place.resolve("grads.safetensors"));
    assertThat(gradients.keySet()).containsExactlyInAnyOrderElementsOf(expected.tensors().keySet());
    SequencedMap<String, Stored> weights = repository.tensors();
    gradients.forEach((name, gradient) -> {
      assertThat(gradient.shape()).as(name).isEqualTo(PlainSafetensors.get(weights, name).shape());
      assertGradient(name, gradient.floats(), Objects.requireNonNull(expected.tensors().get(name)));
    });
  }

  private CommandRun verify(Path directory, int[] tokens, String hardware) throws IOException {
    Path lists = place.resolve("tokens.json");
    String shortList = Arrays.toString(Arrays.copyOf(tokens, 2));
    Files.writeString(
        lists, "{\"long\": %s, \"short\": %s}".formatted(Arrays.toString(tokens), shortList));
    return CommandRun.of(
        "verify",
        "logits",
        "--model=" + directory,
        "--tokens=" + lists,
        "--write=" + place.resolve("out.safetensors"),
        "--gradients=" + place.resolve("grads.safetensors"),
        "dtype=float32",
        "hardware=" + hardware);
  }

  private static LlamaShape shape(String family) {
    return switch (family) {
      case "llama2" -> LlamaRepository.llama2();
      case "llama3" -> LlamaRepository.llama3();
      case "llama3.2" -> LlamaRepository.llama32();
      default -> throw new IllegalArgumentException(family);
    };
  }

  /// One document whose last token is not followed by another.
  private static TokenRows rows(int[] tokens) {
    int n = tokens.length;
    int[] positions = new int[n];
    int[] ones = new int[n];
    int[] targets = new int[n];
    int[] counted = new int[n];
    for (int i = 0; i < n; i++) {
      positions[i] = i;
      ones[i] = 1;
      targets[i] = tokens[Math.min(i + 1, n - 1)];
      counted[i] = i + 1 < n ? 1 : 0;
    }
    return new TokenRows(1, n, tokens, positions, ones, targets, counted);
  }

  private static void assertLogits(Stored found, double[] expected, int rows, int vocab) {
    assertThat(found.dtype()).isEqualTo("F32");
    assertThat(found.shape()).containsExactly(rows, vocab);
    double[] values = found.floats();
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      worst = Math.max(worst, Math.abs(values[i] - expected[i]));
    }
    assertThat(worst).isLessThanOrEqualTo(LOGITS);
  }

  private static void assertGradient(String name, double[] found, double[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += (found[i] - expected[i]) * (found[i] - expected[i]);
      norm += expected[i] * expected[i];
    }
    assertThat(Math.sqrt(difference)).as(name).isLessThanOrEqualTo(GRADIENTS * Math.sqrt(norm));
  }

  @Test
  void comparesWithAReference() throws IOException {
    LlamaRepository repository = new LlamaRepository(LlamaRepository.llama2());
    Path directory = repository.write(place.resolve("model"));
    int[] tokens = {5, 1, 40, 7};
    HandWrittenLlama model = new HandWrittenLlama(repository.weights());
    double[] logits = model.forward(rows(tokens)).logits();
    assertThat(compare(directory, tokens, logits).exitCode()).isZero();
    logits[60] += 0.1;
    CommandRun wrong = compare(directory, tokens, logits);
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.out()).contains("BEYOND", "max KL");
    logits[60] = Double.NaN;
    assertThat(compare(directory, tokens, logits).exitCode()).isEqualTo(1);
    CommandRun shape = compare(directory, new int[] {5, 1, 40}, logits);
    assertThat(shape.exitCode()).isEqualTo(2);
    assertThat(shape.err()).contains("logits_t").doesNotContain("\tat ");
  }

  private CommandRun compare(Path directory, int[] tokens, double[] logits) throws IOException {
    SequencedMap<String, Stored> reference = new LinkedHashMap<>();
    reference.put("logits_t", Stored.ofFloats(logits, logits.length / 53, 53));
    Path file = place.resolve("reference.safetensors");
    Files.write(file, PlainSafetensors.file(reference));
    Path lists = place.resolve("t.json");
    Files.writeString(lists, "{\"t\": %s}".formatted(Arrays.toString(tokens)));
    return CommandRun.of(
        "verify",
        "logits",
        "--model=" + directory,
        "--tokens=" + lists,
        "--reference=" + file,
        "dtype=float32",
        "hardware=interpreter");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|no list",
        "[1]|expected an object",
        "{'a': []}|is empty",
        "{'a': [53]}|token 53",
        "{'a': [-1]}|token -1",
        "{'a': [1.5]}|a whole number",
        "{'a': [99999999999999999999]}|token 9999",
        "{'a': [1], 'a': [2]}|uplicate",
        "{'a': [[1]]}|a whole number",
        "{'a': [1]|not valid JSON",
        "{'a': [1]}|a gradient needs a next one",
      })
  void tokensThatCannotBeUsedAreAMistakeInUse(String tokens, String message) throws IOException {
    Path directory = new LlamaRepository(LlamaRepository.llama2()).write(place.resolve("model"));
    Path lists = place.resolve("t.json");
    Files.writeString(lists, tokens.replace('\'', '"'));
    CommandRun run =
        CommandRun.of(
            "verify",
            "logits",
            "--model=" + directory,
            "--tokens=" + lists,
            "--gradients=" + place.resolve("g.safetensors"),
            "hardware=interpreter");
    assertThat(run.err()).contains(message).doesNotContain("\tat ");
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @Test
  void settingsOfAnotherModelAreRefused() throws IOException {
    Path directory = new LlamaRepository(LlamaRepository.llama2()).write(place.resolve("model"));
    Path lists = Files.writeString(place.resolve("t.json"), "{\"t\": [1, 2]}");
    CommandRun run =
        CommandRun.of(
            "verify",
            "logits",
            "--model=" + directory,
            "--tokens=" + lists,
            "--write=" + place.resolve("o.safetensors"),
            "rope_max_timescale=500000");
    assertThat(run.err()).contains("describes another model");
    assertThat(run.exitCode()).isEqualTo(2);
  }
}
