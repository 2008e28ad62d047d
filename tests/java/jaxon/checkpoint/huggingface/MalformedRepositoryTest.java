package jaxon.checkpoint.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import jaxon.checkpoint.LlamaRepository;
import jaxon.checkpoint.PlainSafetensors;
import jaxon.checkpoint.PlainSafetensors.Stored;
import jaxon.checkpoint.PlainTorch;
import jaxon.checkpoint.safetensors.MalformedSafetensors;
import jaxon.checkpoint.safetensors.Mutations;
import jaxon.cli.CommandRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Repositories that are damaged or hostile: one clear error each, exit code 2, nothing written.
class MalformedRepositoryTest {
  private static final int MUTATIONS = 600;

  @TempDir private Path place;
  private final LlamaRepository repository = new LlamaRepository(LlamaRepository.llama32());
  private Path model;

  @BeforeEach
  void write() throws IOException {
    model = repository.write(place.resolve("model"));
  }

  private void assertRefused(String message) throws IOException {
    Path to = place.resolve("to");
    CommandRun run = CommandRun.of("convert", "--from=" + model, "--to=" + to);
    assertThat(run.err()).contains(message).hasSizeLessThan(2000).doesNotContain("\tat ");
    assertThat(run.err().strip().lines()).hasSize(1);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(to).doesNotExist();
    assertThat(place.resolve("to.partial")).doesNotExist();
  }

  /// A change of `config.json`: what is replaced by what, and what the message says.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"hidden_size\": 24|\"hidden_size\": -24|hidden_size should be a whole number",
        "\"hidden_size\": 24|\"hidden_size\": 24.5|hidden_size should be a whole number",
        "\"hidden_size\": 24|\"hidden_size\": \"24\"|hidden_size should be a whole number",
        "\"hidden_size\": 24|\"hidden_size\": 99999999999|hidden_size should be a whole number",
        "\"hidden_size\": 24|\"hidden_size\": 1e999999999|config.json",
        "\"hidden_size\": 24|\"hidden_size\": 32|weights and configuration do not belong together",
        "\"hidden_size\": 24,||has no hidden_size",
        "\"vocab_size\": 47|\"vocab_size\": null|has no vocab_size",
        "\"vocab_size\": 47|\"vocab_size\": 48|weights and configuration do not belong together",
        "\"num_hidden_layers\": 2|\"num_hidden_layers\": 16384|the weights have no tensor",
        "\"num_hidden_layers\": 2|\"num_hidden_layers\": 1|has no place",
        "\"num_hidden_layers\": 2|\"num_hidden_layers\": [2]|num_hidden_layers should be",
        "\"num_key_value_heads\": 2|\"num_key_value_heads\": 3|num_key_value_heads should be a"
            + " divisor",
        "\"head_dim\": 8|\"head_dim\": 7|head_dim should be even",
        "\"head_dim\": 8|\"head_dim\": 16385|head_dim should be",
        "\"head_dim\": 8,|\"num_attention_heads\": 5,|uplicate",
        "\"rms_norm_eps\": 1.0E-5|\"rms_norm_eps\": 0|rms_norm_eps should be a number above 0",
        "\"rms_norm_eps\": 1.0E-5|\"rms_norm_eps\": NaN|not valid JSON",
        "\"rms_norm_eps\": 1.0E-5|\"rms_norm_eps\": 1e400|rms_norm_eps",
        "\"hidden_act\": \"silu\"|\"hidden_act\": \"gelu\"|hidden_act should be silu",
        "\"hidden_act\": \"silu\"|\"hidden_act\": 3|hidden_act should be a string",
        "\"model_type\": \"llama\"|\"model_type\": \"mamba\"|model_type should be",
        "\"LlamaForCausalLM\"|\"EvilForCausalLM\"|architectures should be",
        "\"LlamaForCausalLM\"|7|architectures should be a list of strings",
        "\"attention_bias\": false|\"attention_bias\": true|attention_bias should be false",
        "\"attention_bias\": false|\"mlp_bias\": true|mlp_bias should be false",
        "\"attention_bias\": false|\"quantization_config\": {}|quantized weights",
        "\"tie_word_embeddings\": true|\"tie_word_embeddings\": \"yes\"|tie_word_embeddings should"
            + " be true or false",
        "\"tie_word_embeddings\": true|\"tie_word_embeddings\": false|lm_head.weight",
        "\"rope_theta\": 500000.0|\"rope_theta\": 0.5|rope_theta should be a whole number",
        "\"rope_theta\": 500000.0|\"rope_theta\": -1|rope_theta should be a number above 0",
        "\"rope_type\": \"llama3\"|\"rope_type\": \"yarn\"|rope_type should be",
        "\"low_freq_factor\": 1.0|\"low_freq_factor\": 9|low_freq_factor must be below",
        "\"factor\": 32.0, ||has no factor",
        "\"torch_dtype\": \"float32\"|\"x\": [[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]|not valid JSON",
        "}|} trailing|not valid JSON",
        "{|[|not valid JSON",
      })
  void malformedConfig(String old, String fresh, String message) throws IOException {
    String config = repository.config();
    assertThat(config).contains(old);
    String changed =
        old.length() == 1
            ? (old.equals("{") ? "[" + config.substring(1) : config.strip() + " trailing")
            : config.replace(old, fresh == null ? "" : fresh);
    Files.writeString(model.resolve("config.json"), changed);
    assertRefused(message);
  }

  @Test
  void configsThatAreNoText() throws IOException {
    for (byte[] content :
        new byte[][] {
          new byte[0],
          {(byte) 0xFF, (byte) 0xFE, '{', 0},
          "null".getBytes(StandardCharsets.UTF_8),
          new byte[2 << 20]
        }) {
      Files.write(model.resolve("config.json"), content);
      assertRefused("config.json");
    }
  }

  /// A change of the index of two shards.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a.safetensors|../model/a.safetensors|not the plain name",
        "a.safetensors|/etc/passwd|not the plain name",
        "a.safetensors|/dev/zero.safetensors|not the plain name",
        "a.safetensors|..\\\\a.safetensors|not the plain name",
        "a.safetensors|a.safetensors\\u0000|not the plain name",
        "a.safetensors|..|not the plain name",
        "a.safetensors|.safetensors|is missing",
        "a.safetensors|c.safetensors|is missing",
        "a.safetensors|link.safetensors|leads out of",
        "a.safetensors|folder.safetensors|is missing",
        "a.safetensors|b.safetensors|but it is not there",
        "model.norm.weight|model.norm.wait|but it is not there",
        "\"weight_map\"|\"weights\"|has no weight_map",
        "\"weight_map\": {|\"weight_map\": {\"model.norm.weight\": 3,|expected a string",
        "\"weight_map\": {|\"weight_map\": {\"model.norm.weight\": \"a.safetensors\",|uplicate",
        "\"weight_map\": {|\"weight_map\": {}, \"weight_map\": {|uplicate",
        "\"weight_map\": {|\"weight_map\": [{|expected an object",
      })
  void malformedIndex(String old, String fresh, String message) throws IOException {
    model = place.resolve("shards");
    repository.writeShards(model, repository.tensors(), index -> index.replace(old, fresh));
    Path elsewhere = Files.copy(model.resolve("a.safetensors"), place.resolve("x.safetensors"));
    Files.createSymbolicLink(model.resolve("link.safetensors"), elsewhere);
    Files.createDirectory(model.resolve("folder.safetensors"));
    assertRefused(message);
  }

  /// What a hostile pickle wants run is refused by the command too, wherever it is named.
  @Test
  void malformedPickles() throws IOException {
    byte[] evil =
        PlainTorch.file(
            new PlainTorch().global("os", "system").op('(').text("true").op('t', 'R', '.').bytes(),
            new LinkedHashMap<>());
    Files.delete(model.resolve("model.safetensors"));
    Files.write(model.resolve("pytorch_model.bin"), evil);
    assertRefused("asks for os.system");
    Files.delete(model.resolve("pytorch_model.bin"));
    Path index = model.resolve("pytorch_model.bin.index.json");
    Files.write(model.resolve("a.bin"), evil);
    Files.writeString(index, "{\"weight_map\": {\"x\": \"a.bin\"}}");
    assertRefused("asks for os.system");
    Files.writeString(index, "{\"weight_map\": {\"x\": \"../a.bin\"}}");
    assertRefused("not the plain name of a .bin file");
    Files.writeString(index, "{\"weight_map\": {\"x\": \"a.safetensors\"}}");
    assertRefused("not the plain name of a .bin file");
  }

  @Test
  void oneTensorInTwoShards() throws IOException {
    model = place.resolve("shards");
    repository.writeShards(model, repository.tensors(), index -> index);
    SequencedMap<String, Stored> second = PlainSafetensors.read(model.resolve("b.safetensors"));
    second.put("model.embed_tokens.weight", Stored.ofFloats(new double[2], 2));
    Files.write(model.resolve("b.safetensors"), PlainSafetensors.file(second));
    assertRefused("is in two files");
  }

  @Test
  void tensorThatTheIndexDoesNotName() throws IOException {
    model = place.resolve("shards");
    repository.writeShards(
        model,
        repository.tensors(),
        index ->
            index
                .replaceFirst("    \"model.norm.weight\": \"[ab].safetensors\",?\n", "")
                .replaceFirst(",\n  }", "\n  }"));
    assertRefused("does not name tensor");
  }

  static Stream<String> files() {
    return MalformedSafetensors.all().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void malformedWeights(String kind) throws IOException {
    Files.write(model.resolve("model.safetensors"), MalformedSafetensors.all().get(kind));
    assertRefused("model.safetensors");
  }

  @Test
  void weightsOfAnotherModel() throws IOException {
    SequencedMap<String, Stored> tensors = new LinkedHashMap<>(repository.tensors());
    tensors.remove("model.layers.1.mlp.up_proj.weight");
    LlamaRepository.write(model, repository.config(), tensors);
    assertRefused("no tensor 'model.layers.1.mlp.up_proj.weight'");
    tensors = new LinkedHashMap<>(repository.tensors());
    tensors.put("model.layers.0.self_attn.q_norm.weight", Stored.ofFloats(new double[8], 8));
    LlamaRepository.write(model, repository.config(), tensors);
    assertRefused("q_norm");
    tensors = new LinkedHashMap<>(repository.tensors());
    tensors.put("model.norm.weight", new Stored("I8", new long[] {24}, new byte[24]));
    LlamaRepository.write(model, repository.config(), tensors);
    assertRefused("weights are floats");
  }

  @Test
  void directoriesThatAreNoRepositories() throws IOException {
    Files.delete(model.resolve("model.safetensors"));
    assertRefused(
        "has no weights: none of model.safetensors, model.safetensors.index.json, pytorch_");
    Files.write(model.resolve("pytorch_model.bin"), new byte[8]);
    assertRefused("is no zip file");
    Files.delete(model.resolve("config.json"));
    assertRefused("has no config.json");
    model = place.resolve("nowhere");
    assertRefused("nowhere does not exist");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "|tokenizer.json",
        "{|not valid JSON",
        "[]|should hold a JSON object",
        "{}|has no model.vocab",
        "{\"model\":{\"vocab\":{\"a\":-1}}}|the id of token",
        "{\"model\":{\"vocab\":{\"a\":1e9}}}|the id of token",
        "{\"model\":{\"vocab\":{\"a\":99999999}}}|the id of token",
        "{\"model\":{\"vocab\":{\"a\":0}},\"added_tokens\":[{\"content\":\"b\"}]}|the id of token",
        "{\"model\":{\"type\":\"Evil\",\"vocab\":{\"a\":0}}}|cannot be loaded",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[\"x y\"]}}|cannot be loaded",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":7}}|cannot be loaded",
        "{\"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(\"},\"behavior\":\"Isolated\",\"invert\":false},\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]}}|cannot"
            + " be loaded",
      })
  void malformedTokenizer(String content, String message) throws IOException {
    Files.writeString(model.resolve("tokenizer.json"), content == null ? "" : content);
    assertRefused(message);
  }

  /// A file of the machine's that a link poses as part of the model is not handed on.
  @Test
  void companionsThatLieElsewhere() throws IOException {
    Path secret = Files.writeString(place.resolve("secret"), "{}");
    Files.createSymbolicLink(model.resolve("generation_config.json"), secret);
    assertRefused("leads out of the model's directory");
  }

  @Test
  void tokenizerThatIsNestedDeeply() throws IOException {
    Files.writeString(model.resolve("tokenizer.json"), "{\"model\":" + "[".repeat(1_000_000));
    assertRefused("tokenizer.json");
  }

  @Test
  void randomMutationsOfConfigAndIndexNeverCrash() throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    Path shards =
        repository.writeShards(place.resolve("shards"), repository.tensors(), index -> index);
    for (String name : new String[] {"config.json", "model.safetensors.index.json"}) {
      byte[] good = Files.readAllBytes(shards.resolve(name));
      Mutations.assertRefusedOrRead(
          name,
          MUTATIONS,
          good,
          random,
          mutant -> Files.write(shards.resolve(name), mutant),
          () -> HuggingFaceModel.open(shards).close());
      Files.write(shards.resolve(name), good);
    }
  }
}
