package jaxon.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import jaxon.checkpoint.PlainSafetensors.Stored;
import jaxon.reference.LlamaShape;
import jaxon.reference.LlamaWeights;
import jaxon.reference.RopeStretch;

/// A Hugging Face repository of a small Llama, written without the code under test.
public final class LlamaRepository {
  private final LlamaShape shape;
  private final LlamaWeights weights;

  public LlamaRepository(LlamaShape shape) {
    this.shape = shape;
    this.weights = LlamaWeights.random(shape, new SplittableRandom(11));
  }

  /// As Llama 2: one key head for each query head, an output layer of its own.
  public static LlamaShape llama2() {
    return new LlamaShape(53, 24, 2, 4, 4, 6, 40, 10_000, Optional.empty(), 1e-5, false);
  }

  /// As Llama 3: grouped queries.
  public static LlamaShape llama3() {
    return new LlamaShape(61, 16, 3, 4, 2, 8, 36, 500_000, Optional.empty(), 1e-6, false);
  }

  /// As Llama 3.2: grouped queries, stretched frequencies, the embedding as output layer.
  public static LlamaShape llama32() {
    Optional<RopeStretch> stretch = Optional.of(new RopeStretch(32, 1, 4, 64));
    return new LlamaShape(47, 24, 2, 4, 2, 8, 32, 500_000, stretch, 1e-5, true);
  }

  public LlamaWeights weights() {
    return weights;
  }

  /// `config.json` in the words of the transformers library.
  public String config() {
    String scaling =
        shape
            .ropeStretch()
            .map(s ->
                """
                {"factor": %s, "low_freq_factor": %s, "high_freq_factor": %s,
                 "original_max_position_embeddings": %d, "rope_type": "llama3"}\
                """
                    .formatted(s.factor(), s.low(), s.high(), s.original()))
            .orElse("null");
    return """
    {
      "architectures": ["LlamaForCausalLM"],
      "attention_bias": false,
      "bos_token_id": 1,
      "eos_token_id": [2, 3],
      "head_dim": %d,
      "hidden_act": "silu",
      "hidden_size": %d,
      "intermediate_size": %d,
      "max_position_embeddings": 4096,
      "model_type": "llama",
      "num_attention_heads": %d,
      "num_hidden_layers": %d,
      "num_key_value_heads": %d,
      "rms_norm_eps": %s,
      "rope_scaling": %s,
      "rope_theta": %s,
      "tie_word_embeddings": %s,
      "torch_dtype": "float32",
      "vocab_size": %d
    }
    """
        .formatted(
            shape.headDim(),
            shape.embed(),
            shape.mlp(),
            shape.heads(),
            shape.layers(),
            shape.kvHeads(),
            shape.normEpsilon(),
            scaling,
            shape.ropeTheta(),
            shape.tied(),
            shape.vocab());
  }

  /// The tensors as float32.
  public SequencedMap<String, Stored> tensors() {
    SequencedMap<String, Stored> stored = new LinkedHashMap<>();
    weights
        .tensors()
        .forEach(
            (name, values) -> stored.put(name, Stored.ofFloats(values, dims(name, values.length))));
    return stored;
  }

  /// The tensors as bfloat16.
  public SequencedMap<String, Stored> halves() {
    SequencedMap<String, Stored> stored = new LinkedHashMap<>();
    weights
        .tensors()
        .forEach((name, values) ->
            stored.put(name, Stored.ofBfloats(values, dims(name, values.length))));
    return stored;
  }

  private long[] dims(String name, int size) {
    if (name.contains("norm")) {
      return new long[] {size};
    }
    int in = name.contains("o_proj") ? shape.queries() : shape.embed();
    in = name.contains("down_proj") ? shape.mlp() : in;
    return new long[] {size / in, in};
  }

  /// Writes the repository with one file of weights.
  public Path write(Path directory) throws IOException {
    return write(directory, config(), tensors());
  }

  public static Path write(Path directory, String config, SequencedMap<String, Stored> tensors)
      throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("config.json"), config);
    Files.write(directory.resolve("model.safetensors"), PlainSafetensors.file(tensors));
    return directory;
  }

  /// Writes the repository with two files of weights and an index.
  public Path writeShards(
      Path directory, SequencedMap<String, Stored> tensors, UnaryOperator<String> indexEdit)
      throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("config.json"), config());
    List<String> lines = new ArrayList<>();
    for (int shard = 0; shard < 2; shard++) {
      SequencedMap<String, Stored> part = new LinkedHashMap<>();
      String file = shard == 0 ? "a.safetensors" : "b.safetensors";
      int at = 0;
      for (Map.Entry<String, Stored> entry : tensors.entrySet()) {
        if (at++ % 2 == shard) {
          part.put(entry.getKey(), entry.getValue());
          lines.add("    \"%s\": \"%s\"".formatted(entry.getKey(), file));
        }
      }
      Files.write(directory.resolve(file), PlainSafetensors.file(part));
    }
    String index =
        "{\n  \"metadata\": {\"total_size\": 1},\n  \"weight_map\": {\n"
            + String.join(",\n", lines)
            + "\n  }\n}\n";
    Files.writeString(directory.resolve("model.safetensors.index.json"), indexEdit.apply(index));
    return directory;
  }
}
