package jaxon.checkpoint.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import jaxon.checkpoint.CheckpointStore;
import jaxon.checkpoint.LlamaRepository;
import jaxon.checkpoint.PlainSafetensors;
import jaxon.checkpoint.PlainSafetensors.Stored;
import jaxon.checkpoint.TensorReader;
import jaxon.cli.CommandRun;
import jaxon.config.Place;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Repositories to checkpoints and back, by `jaxon convert`.
class ConversionTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String WEIGHTS = "model.safetensors";

  @TempDir private Path place;

  private void convert(Path from, Path to, String... settings) {
    CommandRun run = command(from, to, settings);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
  }

  private static CommandRun command(Path from, Path to, String... settings) {
    List<String> all = new ArrayList<>(List.of("convert", "--from=" + from, "--to=" + to));
    all.addAll(List.of(settings));
    return CommandRun.of(all.toArray(String[]::new));
  }

  /// In every form and from each to the other every tensor has the bytes it had.
  @Test
  void checkpointsKeepEveryByte() throws IOException {
    LlamaRepository repository = new LlamaRepository(LlamaRepository.llama32());
    SequencedMap<String, Stored> tensors = repository.halves();
    Path from = LlamaRepository.write(place.resolve("from"), repository.config(), tensors);
    Path all = place.resolve("checkpoints");
    convert(from, all.resolve("0"));
    convert(all.resolve("0"), all.resolve("1"), "scan_layers=false");
    convert(all.resolve("1"), all.resolve("2"), "scan_layers=true");
    for (int step = 0; step < 3; step++) {
      assertThat(new CheckpointStore(all).verify(step)).isEmpty();
      Path to = place.resolve("to" + step);
      convert(all.resolve("" + step), to);
      SequencedMap<String, Stored> found = PlainSafetensors.read(to.resolve(WEIGHTS));
      assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
      tensors.forEach((name, tensor) -> {
        Stored other = PlainSafetensors.get(found, name);
        assertThat(other.dtype()).as(name).isEqualTo(tensor.dtype());
        assertThat(other.shape()).as(name).isEqualTo(tensor.shape());
        assertThat(Arrays.equals(other.bytes(), tensor.bytes())).as(name).isTrue();
      });
    }
    assertThat(paths(all, 0)).isEqualTo(paths(all, 2)).hasSize(11);
    assertThat(paths(all, 1)).contains("params.layers.layers.1.mlp.wo.kernel").hasSize(20);
  }

  /// What `config.json` says beyond the model, and the files beside it, come through checkpoints.
  @Test
  void everythingBesideTheWeightsIsKept() throws IOException {
    LlamaRepository repository = new LlamaRepository(LlamaRepository.llama32());
    String config =
        repository
            .config()
            .replace(
                "{\n",
                "{\n \"initializer_range\": 1e-05, \"pad_token_id\": null, \"x\": {\"y\": [1]},\n");
    Path from = LlamaRepository.write(place.resolve("from"), config, repository.halves());
    Files.writeString(from.resolve("generation_config.json"), "{\"top_p\": 0.9}");
    Files.writeString(from.resolve("tokenizer.model"), "sentence pieces");
    Path all = place.resolve("checkpoints");
    convert(from, all.resolve("0"));
    convert(all.resolve("0"), all.resolve("1"), "scan_layers=false");
    convert(all.resolve("1"), all.resolve("2"), "--dtype=bfloat16");
    convert(all.resolve("1"), place.resolve("same"));
    convert(all.resolve("2"), place.resolve("typed"), "max_position_embeddings=77");
    JsonNode expected = JSON.readTree(config);
    assertThat(JSON.readTree(place.resolve("same/config.json").toFile())).isEqualTo(expected);
    ((ObjectNode) expected).put("torch_dtype", "bfloat16").put("max_position_embeddings", 77);
    assertThat(JSON.readTree(place.resolve("typed/config.json").toFile())).isEqualTo(expected);
    for (String to : List.of("same", "typed")) {
      assertThat(place.resolve(to + "/generation_config.json")).hasContent("{\"top_p\": 0.9}");
      assertThat(place.resolve(to + "/tokenizer.model")).hasContent("sentence pieces");
    }
  }

  /// Settings that make another model than the repository's have a `config.json` of their own.
  @Test
  void configOfAnotherModelIsNotTheRepositorys() throws IOException {
    Path from = new LlamaRepository(LlamaRepository.llama3()).write(place.resolve("from"));
    convert(from, place.resolve("0"));
    convert(place.resolve("0"), place.resolve("to"), "rope_max_timescale=70000");
    JsonNode json = JSON.readTree(place.resolve("to/config.json").toFile());
    assertThat(json.path("rope_theta").doubleValue()).isEqualTo(70_000);
    assertThat(json.path("max_position_embeddings").intValue()).isEqualTo(4096);
  }

  private static List<String> paths(Path all, long step) {
    CheckpointStore store = new CheckpointStore(all);
    try (TensorReader reader = store.open(store.read(step))) {
      return List.copyOf(reader.tensors().sequencedKeySet());
    }
  }

  /// A checkpoint's logits are its repository's.
  @Test
  void logitsOfACheckpointAreThoseOfItsRepository() throws IOException {
    Path from = new LlamaRepository(LlamaRepository.llama3()).write(place.resolve("from"));
    Path checkpoint = place.resolve("checkpoints/0");
    convert(from, checkpoint);
    Path lists = Files.writeString(place.resolve("tokens.json"), "{\"a\": [1, 5, 9, 60]}");
    Path logits = place.resolve("logits.safetensors");
    String tokens = "--tokens=" + lists;
    for (String[] last :
        List.of(
            new String[] {"--model=" + from, "--write=" + logits},
            new String[] {
              "--model=" + checkpoint,
              "--reference=" + logits,
              "--absolute-tolerance=0",
              "--relative-tolerance=0"
            })) {
      List<String> all = new ArrayList<>(List.of("verify", "logits", tokens, "dtype=float32"));
      all.add("hardware=interpreter");
      all.addAll(List.of(last));
      CommandRun run = CommandRun.of(all.toArray(String[]::new));
      assertThat(run.err()).isEmpty();
      assertThat(run.exitCode()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "base_mlp_dim=99, of another model than the configuration: ",
    "base_num_decoder_layers=2, of another model than the configuration: ",
    "scan_layers=false base_num_decoder_layers=2, of another model than the configuration: ",
    "scan_layers=false base_num_query_heads=2 head_dim=16, of another model than the configuration: ",
    "logits_via_embedding=true, logitsDense.kernel has no place in the model"
  })
  void parametersOfAnotherModelAreRefused(String settings, String message) throws IOException {
    Path from = new LlamaRepository(LlamaRepository.llama3()).write(place.resolve("from"));
    Path checkpoint = place.resolve("checkpoints/0");
    convert(from, checkpoint);
    CommandRun run = command(checkpoint, place.resolve("to"), settings.split(" "));
    assertThat(run.err()).contains(message).doesNotContain("Exception");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(place.resolve("to")).doesNotExist();
  }

  @Test
  void whatIsThereIsNotOverwritten() throws IOException {
    Path from = new LlamaRepository(LlamaRepository.llama2()).write(place.resolve("from"));
    Path mine = Files.createDirectories(place.resolve("7"));
    Files.writeString(mine.resolve("letter.txt"), "dear");
    CommandRun run = command(from, mine);
    assertThat(run.err()).contains("7 exists already");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(mine.resolve("letter.txt")).hasContent("dear");
  }

  @Test
  void whatIsNoModelIsToldInOneLine() {
    CommandRun missing = command(place.resolve("nowhere"), place.resolve("0"));
    assertThat(missing.err()).contains("nowhere does not exist; give a checkpoint").hasLineCount(1);
    assertThat(missing.exitCode()).isEqualTo(2);
    CommandRun empty = command(place, place.resolve("0"));
    assertThat(empty.err())
        .contains("holds no model: no checkpoint, and it has no config.json; give")
        .hasLineCount(1);
    assertThat(empty.exitCode()).isEqualTo(2);
  }

  /// A manifest that is damaged is passed over for the checkpoint before it.
  @Test
  void newestReadableCheckpointIsUsed() throws IOException {
    Path from = new LlamaRepository(LlamaRepository.llama2()).write(place.resolve("from"));
    convert(from, place.resolve("checkpoints/3"));
    convert(from, place.resolve("checkpoints/5"));
    Files.writeString(place.resolve("checkpoints/5/manifest.json"), "{}");
    try (StoredModel model = StoredModel.open(Place.of(place))) {
      assertThat(model.description()).startsWith("step 3, ");
    }
    CommandRun run = command(place.resolve("checkpoints/5"), place.resolve("to"));
    assertThat(run.err()).contains("damaged");
    assertThat(run.exitCode()).isEqualTo(1);
  }
}
