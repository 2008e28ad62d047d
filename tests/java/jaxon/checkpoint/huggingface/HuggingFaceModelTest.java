package jaxon.checkpoint.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.LlamaRepository;
import jaxon.checkpoint.PlainSafetensors;
import jaxon.checkpoint.PlainSafetensors.Stored;
import jaxon.checkpoint.PlainTorch;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.tensor.Block;
import jaxon.checkpoint.tensor.TensorLiterals;
import jaxon.cli.CommandRun;
import jaxon.config.ConfigLoader;
import jaxon.config.Configuration;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.Shape;
import jaxon.layers.Configs;
import jaxon.reference.LlamaShape;
import jaxon.reference.TracedModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Repositories to trees of parameters and back.
class HuggingFaceModelTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path place;

  private static Configuration configuration(HuggingFaceModel model, String... more) {
    List<String> settings = new ArrayList<>(model.settings());
    settings.addAll(List.of(more));
    return new ConfigLoader(Path.of(".."), Path.of("../configs"), Map.of()).loadDefaults(settings);
  }

  /// The tree's values are those that the tests' own conversion gives.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void parametersAreRenamedTransposedAndStacked(boolean scan) throws IOException {
    LlamaRepository repository = new LlamaRepository(LlamaRepository.llama3());
    TracedModel traced = TracedModel.of(repository.weights().shape(), "scan_layers=" + scan);
    List<Literal> expected = traced.literals(repository.weights());
    try (HuggingFaceModel model = HuggingFaceModel.open(repository.write(place.resolve("m")))) {
      TensorSource tree = model.parameters(configuration(model, "scan_layers=" + scan));
      assertThat(tree.tensors()).hasSameSizeAs(expected);
      int next = 0;
      for (String path : tree.tensors().keySet()) {
        assertThat(TensorLiterals.read(tree, path)).as(path).isEqualTo(expected.get(next++));
      }
    }
  }

  /// Any block of any parameter, and of any tensor made from it again, is part of the whole.
  @Test
  void blocksArePartsOfTheWhole() throws IOException {
    LlamaRepository repository = new LlamaRepository(LlamaRepository.llama32());
    SplittableRandom random = new SplittableRandom(4);
    try (HuggingFaceModel model = HuggingFaceModel.open(repository.write(place.resolve("m")))) {
      Configuration config = configuration(model);
      TensorSource tree = model.parameters(config);
      TensorSource back = new RepositoryView(tree, Bindings.of(config));
      for (TensorSource source : List.of(tree, back)) {
        for (String path : source.tensors().keySet()) {
          Literal whole = TensorLiterals.read(source, path);
          for (int n = 0; n < 10; n++) {
            assertBlock(source, path, whole, random);
          }
        }
      }
    }
  }

  private static void assertBlock(
      TensorSource source, String path, Literal whole, SplittableRandom random) {
    Shape shape = whole.type().shape();
    long[] start = new long[shape.rank()];
    long[] extent = new long[shape.rank()];
    for (int d = 0; d < start.length; d++) {
      start[d] = random.nextLong(shape.dim(d));
      extent[d] = 1 + random.nextLong(shape.dim(d) - start[d]);
    }
    Block block = new Block(start, extent);
    float[] found = new float[(int) block.elements()];
    source.read(path, start, extent, MemorySegment.ofArray(found));
    int at = 0;
    for (Block.Run run : block.runs(shape.toArray())) {
      for (long i = run.from(); i < run.from() + run.count(); i++) {
        assertThat((double) found[at++]).as(path).isEqualTo(whole.get(i));
      }
    }
  }

  static Stream<LlamaShape> shapes() {
    return Stream.of(LlamaRepository.llama2(), LlamaRepository.llama3(), LlamaRepository.llama32());
  }

  /// Through the tree and back every tensor has the bytes it had, whatever the shards.
  @Test
  void conversionKeepsEveryByte() throws IOException {
    int number = 0;
    for (LlamaShape shape : shapes().toList()) {
      LlamaRepository repository = new LlamaRepository(shape);
      SequencedMap<String, Stored> tensors = repository.halves();
      Path from = repository.writeShards(place.resolve("from" + number), tensors, i -> i);
      Files.writeString(from.resolve("generation_config.json"), "{}");
      Path to = place.resolve("to" + number++);
      CommandRun run =
          CommandRun.of("convert", "--from=" + from, "--to=" + to, "--max-shard-size=9KB");
      assertThat(run.err()).isEmpty();
      assertThat(run.exitCode()).isZero();
      assertThat(to.resolve("generation_config.json")).hasContent("{}");
      assertThat(JSON.readTree(to.resolve("config.json").toFile()))
          .isEqualTo(JSON.readTree(from.resolve("config.json").toFile()));
      JsonNode index = JSON.readTree(to.resolve("model.safetensors.index.json").toFile());
      assertSame(tensors, shards(to, index));
    }
  }

  private static SequencedMap<String, Stored> shards(Path directory, JsonNode index)
      throws IOException {
    SequencedMap<String, Stored> found = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : index.path("weight_map").properties()) {
      Path shard = directory.resolve(entry.getValue().asString());
      found.put(entry.getKey(), PlainSafetensors.get(PlainSafetensors.read(shard), entry.getKey()));
    }
    return found;
  }

  private static void assertSame(
      SequencedMap<String, Stored> expected, SequencedMap<String, Stored> found) {
    assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.forEach((name, tensor) -> {
      Stored other = PlainSafetensors.get(found, name);
      assertThat(other.dtype()).as(name).isEqualTo(tensor.dtype());
      assertThat(other.shape()).as(name).isEqualTo(tensor.shape());
      assertThat(Arrays.equals(other.bytes(), tensor.bytes())).as(name).isTrue();
    });
  }

  /// PyTorch's files, one or two with an index, give the bytes that they were made of; where there
  /// are safetensors too, these count.
  @Test
  void filesOfPyTorchAreRead() throws IOException {
    LlamaRepository repository = new LlamaRepository(LlamaRepository.llama2());
    SequencedMap<String, Stored> tensors = repository.halves();
    Path single = Files.createDirectories(place.resolve("single"));
    Files.write(single.resolve("pytorch_model.bin"), PlainTorch.file(tensors));
    Path shards = Files.createDirectories(place.resolve("shards"));
    writeTorchShards(shards, tensors);
    Path both = repository.write(place.resolve("both"));
    Files.write(both.resolve("pytorch_model.bin"), PlainTorch.file(tensors));
    for (Path from : List.of(single, shards, both)) {
      Files.writeString(from.resolve("config.json"), repository.config());
      Path to = place.resolve(from.getFileName() + ".again");
      CommandRun run = CommandRun.of("convert", "--from=" + from, "--to=" + to);
      assertThat(run.err()).isEmpty();
      assertThat(run.exitCode()).isZero();
      assertSame(
          from.equals(both) ? repository.tensors() : tensors,
          PlainSafetensors.read(to.resolve("model.safetensors")));
    }
  }

  private static void writeTorchShards(Path directory, SequencedMap<String, Stored> tensors)
      throws IOException {
    List<String> lines = new ArrayList<>();
    for (int shard = 1; shard <= 2; shard++) {
      String file = "pytorch_model-%05d-of-00002.bin".formatted(shard);
      SequencedMap<String, Stored> part = new LinkedHashMap<>(tensors);
      boolean first = shard == 1;
      part.keySet().removeIf(name -> name.contains("mlp") == first);
      part.keySet().forEach(name -> lines.add("\"%s\": \"%s\"".formatted(name, file)));
      Files.write(directory.resolve(file), PlainTorch.file(part));
    }
    Files.writeString(
        directory.resolve("pytorch_model.bin.index.json"),
        "{\"metadata\": {\"total_size\": 1}, \"weight_map\": {" + String.join(", ", lines) + "}}");
  }

  @Test
  void anotherElementTypeIsWrittenOnDemand() throws IOException {
    LlamaRepository repository = new LlamaRepository(LlamaRepository.llama2());
    Path from = LlamaRepository.write(place.resolve("f"), repository.config(), repository.halves());
    Path wide = place.resolve("wide");
    assertThat(CommandRun.of("convert", "--from=" + from, "--to=" + wide, "--dtype=float32"))
        .matches(run -> run.exitCode() == 0);
    Path back = place.resolve("back");
    assertThat(CommandRun.of("convert", "--from=" + wide, "--to=" + back, "--dtype=bfloat16"))
        .matches(run -> run.exitCode() == 0);
    assertSame(repository.halves(), PlainSafetensors.read(back.resolve("model.safetensors")));
    assertThat(PlainSafetensors.read(wide.resolve("model.safetensors")).firstEntry().getValue())
        .matches(tensor -> tensor.dtype().equals("F32"));
    assertThat(JSON.readTree(back.resolve("config.json").toFile()).path("torch_dtype").asString())
        .isEqualTo("bfloat16");
  }

  @Test
  void whatIsThereIsNotOverwritten() throws IOException {
    Path from = new LlamaRepository(LlamaRepository.llama2()).write(place.resolve("from"));
    CommandRun run = CommandRun.of("convert", "--from=" + from, "--to=" + from);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("exists already");
  }

  /// A configuration's own `config.json` reads back to the same.
  @ParameterizedTest
  @ValueSource(strings = {"llama2-7b", "llama3-8b", "llama3.1-8b", "llama3.1-405b", "llama3.2-1b"})
  void configurationsAreWrittenAndReadBack(String name) {
    Configuration config = Configs.model(name);
    LlamaConfig llama = LlamaConfig.of(config);
    ModelFacts facts =
        new ModelFacts(DType.BF16, 8192, OptionalInt.of(128_000), OptionalInt.empty());
    JsonNode json = LlamaConfigWriter.write(llama, facts);
    assertThat(LlamaConfig.read(new ConfigFile("config.json", json))).isEqualTo(llama);
    Configuration again =
        new ConfigLoader(Path.of(".."), Path.of("../configs"), Map.of())
            .loadDefaults(llama.settings());
    assertThat(LlamaConfig.of(again)).isEqualTo(llama);
  }

  /// The library's version 5 writes the rotary settings as one object.
  @Test
  void rotarySettingsOfBothVersionsAreRead() {
    String sizes =
        "\"model_type\": \"llama\", \"hidden_size\": 8, \"num_attention_heads\": 2,"
            + " \"vocab_size\": 9, \"intermediate_size\": 4, \"num_hidden_layers\": 1";
    LlamaConfig four =
        read(
            "{%s, \"rope_theta\": 5e5, \"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}}"
                .formatted(sizes));
    LlamaConfig five =
        read(
            "{%s, \"rope_parameters\": {\"rope_type\": \"linear\", \"factor\": 2.0, \"rope_theta\": 500000.0}}"
                .formatted(sizes));
    assertThat(five).isEqualTo(four);
    assertThat(four.ropeScaling()).isEqualTo(new RopeScaling.Linear(2));
    LlamaConfig unscaled =
        read("{%s, \"rope_scaling\": {\"type\": \"linear\", \"factor\": 1.0}}".formatted(sizes));
    assertThat(unscaled.ropeScaling()).isEqualTo(new RopeScaling.None());
    assertThat(four.numKeyValueHeads()).isEqualTo(2);
    assertThat(four.rmsNormEps()).isEqualTo(1e-6);
  }

  private static LlamaConfig read(String json) {
    return LlamaConfig.read(new ConfigFile("config.json", JSON.readTree(json)));
  }

  @Test
  void modelsThatTheLibraryCannotExpressAreRefused() {
    assertThatThrownBy(() ->
            LlamaConfig.of(Configs.tiny("logits_via_embedding=true", "attn_logits_soft_cap=5")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("normalize_embedding_logits=true and attn_logits_soft_cap=5");
  }

  @Test
  void aTiedHeadMayBeStoredOnceMore() throws IOException {
    LlamaRepository repository = new LlamaRepository(LlamaRepository.llama32());
    SequencedMap<String, Stored> tensors = repository.tensors();
    tensors.put("lm_head.weight", PlainSafetensors.get(tensors, "model.embed_tokens.weight"));
    tensors.put("model.layers.0.self_attn.rotary_emb.inv_freq", Stored.ofFloats(new double[4], 4));
    Path same = LlamaRepository.write(place.resolve("same"), repository.config(), tensors);
    try (HuggingFaceModel model = HuggingFaceModel.open(same)) {
      assertThat(model.parameters(configuration(model)).tensors()).hasSize(11);
    }
    double[] other = PlainSafetensors.get(tensors, "model.embed_tokens.weight").floats();
    other[5] += 1;
    tensors.put("lm_head.weight", Stored.ofFloats(other, 47, 24));
    Path differs = LlamaRepository.write(place.resolve("other"), repository.config(), tensors);
    try (HuggingFaceModel model = HuggingFaceModel.open(differs)) {
      Configuration config = configuration(model);
      assertThatThrownBy(() -> model.parameters(config).close())
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("lm_head.weight is not");
    }
  }
}
