package jaxon.trainer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import jaxon.checkpoint.CheckpointStore;
import jaxon.checkpoint.Samples;
import jaxon.config.ConfigLoader;
import jaxon.config.Configuration;
import jaxon.trainer.metrics.Terminal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A run of a model that the interpreter trains in a moment, and what it left.
///
/// @param directory `out/<run_name>` in the place given
/// @param output what it printed
record TinyRun(Configuration config, Path directory, String output) {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final JsonMapper JSON = JsonMapper.shared();

  /// Text of one period over and over: soon learned.
  static final String PERIODIC = "abcd".repeat(40);

  /// Trains to the end.
  static TinyRun train(Path place, String... overrides) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    Configuration config = config(place, overrides);
    train(config, output);
    Path directory = place.resolve("out").resolve(config.run().runName());
    return new TinyRun(config, directory, output.toString(StandardCharsets.UTF_8));
  }

  static void train(Configuration config, ByteArrayOutputStream output) {
    Trainer.train(config, terminal(output));
  }

  static Terminal terminal(ByteArrayOutputStream output) {
    PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8);
    return new Terminal(out, false, false, false, 80);
  }

  /// Trains to the end, with checkpoints and without what they have nothing to do with.
  static TinyRun trainSaving(Path place, String... overrides) {
    return train(place, saving(overrides));
  }

  /// The same with more settings, which replace the first ones.
  static TinyRun trainSaving(Path place, String[] overrides, String... more) {
    return trainSaving(
        place, Stream.concat(Stream.of(overrides), Stream.of(more)).toArray(String[]::new));
  }

  /// The configuration of [#trainSaving].
  static Configuration savingConfig(Path place, String... overrides) {
    return config(place, saving(overrides));
  }

  private static String[] saving(String... overrides) {
    return Stream.concat(
            Stream.of("enable_checkpointing=true", "enable_tensorboard=false"),
            Stream.of(overrides))
        .toArray(String[]::new);
  }

  /// The configuration of a tiny run on `place/corpus.txt`, which is written unless it is there.
  static Configuration config(Path place, String... overrides) {
    Path corpus = place.resolve("corpus.txt");
    try {
      if (!Files.exists(corpus)) {
        Files.writeString(corpus, PERIODIC);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> all = new ArrayList<>(defaults(place, corpus));
    for (String override : overrides) {
      String key = override.substring(0, override.indexOf('=') + 1);
      all.removeIf(setting -> setting.startsWith(key));
      all.add(override);
    }
    return new ConfigLoader(PROJECT, PROJECT.resolve("configs"), Map.of()).loadDefaults(all);
  }

  /// The overrides that make a run tiny.
  static List<String> defaults(Path place, Path corpus) {
    return List.of(
        "run_name=run",
        "enable_checkpointing=false",
        "base_output_directory=" + place.resolve("out"),
        "hardware=interpreter",
        "steps=3",
        "log_period=1",
        "dtype=float32",
        "vocab_size=260",
        "base_num_decoder_layers=1",
        "base_emb_dim=8",
        "base_num_query_heads=2",
        "base_num_kv_heads=2",
        "head_dim=4",
        "base_mlp_dim=8",
        "remat_policy=none",
        "dataset_type=text",
        "dataset_path=" + corpus,
        "num_epoch=1000",
        "per_device_batch_size=2",
        "max_target_length=8",
        "learning_rate=1e-2",
        "warmup_steps_fraction=0");
  }

  CheckpointStore checkpoints() {
    return new CheckpointStore(directory.resolve("checkpoints"));
  }

  /// The bytes of all tensors of a checkpoint.
  SequencedMap<String, byte[]> state(long step) {
    return Samples.load(checkpoints(), step);
  }

  /// The objects of `metrics.jsonl`.
  List<JsonNode> metrics() {
    try {
      return Files.readAllLines(directory.resolve("metrics.jsonl")).stream()
          .map(JSON::readTree)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The values of a scalar, where it was written.
  List<Double> scalars(String name) {
    return metrics().stream()
        .filter(line -> line.has(name))
        .map(line -> line.get(name).asDouble())
        .toList();
  }

  List<Double> losses() {
    return scalars("learning/loss");
  }
}
