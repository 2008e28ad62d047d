package jaxon.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.LlamaRepository;
import jaxon.cli.CommandRun;
import jaxon.reference.LlamaShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Training and decoding with the parameters of checkpoints and of Hugging Face repositories.
class StoredParametersTest {
  /// The shape of the tiny run.
  private static final LlamaShape TINY =
      new LlamaShape(260, 8, 1, 2, 2, 4, 8, 10_000, Optional.empty(), 1e-5, false);

  @TempDir private Path place;

  private Path converted(Path from, String to) {
    Path target = place.resolve(to);
    CommandRun run = CommandRun.of("convert", "--from=" + from, "--to=" + target);
    assertThat(run.err()).isEmpty();
    return target;
  }

  private TinyRun start(String name, Path parameters, String... more) {
    List<String> all =
        new ArrayList<>(List.of("run_name=" + name, "load_parameters_path=" + parameters));
    all.addAll(List.of(more));
    return TinyRun.train(place, all.toArray(String[]::new));
  }

  @Test
  void trainingStartsTheSameFromARepositoryAndItsCheckpoints() throws IOException {
    LlamaRepository repository = new LlamaRepository(TINY);
    Path directory =
        LlamaRepository.write(place.resolve("hf"), repository.config(), repository.halves());
    TinyRun fromRepository = start("a", directory);
    assertThat(fromRepository.output())
        .contains("Parameters from the Hugging Face repository " + directory);
    TinyRun fromCheckpoint = start("b", converted(directory, "ck/0"));
    assertThat(fromCheckpoint.output()).contains("Parameters from step 0, ");
    TinyRun unrolled = start("c", place.resolve("ck"), "scan_layers=false");
    assertThat(fromCheckpoint.losses()).isEqualTo(fromRepository.losses());
    assertThat(unrolled.losses().getFirst()).isEqualTo(fromRepository.losses().getFirst());
    assertThat(TinyRun.train(place, "run_name=d").losses().getFirst())
        .isNotEqualTo(fromRepository.losses().getFirst());
  }

  /// What `config.json` says beyond the model, and the files beside it, come through training,
  /// through its going on, and through runs that start from such runs.
  @Test
  void fineTunedModelKeepsWhatItsRepositorySays() throws IOException {
    LlamaRepository repository = new LlamaRepository(TINY);
    String more = "{\n \"initializer_range\": 1e-05, \"x\": {\"y\": [1, null]},\n";
    String config = repository.config().replace("{\n", more);
    Path from = LlamaRepository.write(place.resolve("hf"), config, repository.halves());
    Files.writeString(from.resolve("generation_config.json"), "{\"top_p\": 0.9}");
    tuned("a", "load_parameters_path=" + from, "steps=1");
    TinyRun resumed = tuned("a", "load_parameters_path=" + from, "steps=2");
    assertThat(resumed.output()).contains("Resuming   from step 1, ");
    TinyRun next = tuned("b", "load_parameters_path=" + resumed.directory(), "steps=1");
    TinyRun last = tuned("c", "load_full_state_path=" + next.directory(), "steps=2");
    for (TinyRun run : List.of(resumed, next, last)) {
      Path to = converted(run.directory(), "of-" + run.config().run().runName());
      JsonNode expected = JsonMapper.shared().readTree(config);
      ((ObjectNode) expected).put("torch_dtype", "bfloat16");
      assertThat(JsonMapper.shared().readTree(to.resolve("config.json").toFile()))
          .isEqualTo(expected);
      assertThat(to.resolve("generation_config.json")).hasContent("{\"top_p\": 0.9}");
    }
  }

  private TinyRun tuned(String name, String... more) {
    return TinyRun.trainSaving(
        place, new String[] {"run_name=" + name, "weight_dtype=bfloat16"}, more);
  }

  @Test
  void parametersOfNoOrAnotherModelAreRefused() throws IOException {
    Path directory = new LlamaRepository(TINY).write(place.resolve("hf"));
    assertThatThrownBy(() -> start("a", place.resolve("nowhere")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("nowhere does not exist; give a checkpoint");
    assertThatThrownBy(() -> start("b", directory, "base_mlp_dim=16"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("describes another model than the configuration");
  }

  /// Whatever form the parameters have, the text is the one that the trainer printed.
  @Test
  void textIsTheSampleOfTraining() {
    TinyRun run =
        TinyRun.train(
            place,
            "enable_checkpointing=true",
            "steps=40",
            "prompt=ab",
            "sample_length=4",
            "enable_tensorboard=false");
    String text = decode(run.directory());
    assertThat(text).startsWith("abcd");
    assertThat(run.output()).contains("[ab]" + text.substring(2));
    Path repository = converted(run.directory(), "hf");
    assertThat(decode(repository, "max_target_length=8", "dtype=float32")).isEqualTo(text);
    assertThat(decode(converted(repository, "ck/0"), "max_target_length=8", "dtype=float32"))
        .isEqualTo(text);
  }

  /// The tokenizer goes where the model goes, unless another one is named.
  @Test
  void tokenizerIsThatOfTheModel() throws IOException {
    Path text = Files.writeString(place.resolve("text.txt"), "abab abab abab abab ");
    Path directory = new LlamaRepository(TINY).write(place.resolve("hf"));
    Path tokenizer = directory.resolve("tokenizer.json");
    assertThat(
            CommandRun.of(
                "tokenizer", "train", "" + text, "--vocab-size=260", "-o", "" + tokenizer))
        .matches(run -> run.exitCode() == 0);
    Path checkpoint = converted(directory, "ck/0");
    Path again = converted(checkpoint, "again");
    assertThat(again.resolve("tokenizer.json")).hasSameBinaryContentAs(tokenizer);
    int fewest = promptTokens(directory);
    assertThat(fewest).isLessThan(1 + "abab".length());
    assertThat(promptTokens(checkpoint)).isEqualTo(fewest);
    assertThat(promptTokens(again)).isEqualTo(fewest);
    assertThat(promptTokens(directory, "tokenizer_type=byte")).isEqualTo(1 + "abab".length());
    Path config = place.resolve("out/run/config.yml");
    TinyRun.train(place, "steps=0");
    assertThat(promptTokens(directory, "--config=" + config)).isEqualTo(fewest);
    assertThat(promptTokens(directory, "--config=" + config, "tokenizer_type=byte"))
        .isEqualTo(1 + "abab".length());
  }

  private static int promptTokens(Path parameters, String... more) {
    String[] fixed = {"prompt=abab", "dtype=float32", "max_target_length=8", "--max-new-tokens=1"};
    Matcher tokens =
        Pattern.compile("Prompts (\\d+) tokens").matcher(decoding(parameters, fixed, more).err());
    assertThat(tokens.find()).isTrue();
    return Integer.parseInt(tokens.group(1));
  }

  private static String decode(Path parameters, String... more) {
    CommandRun run = decoding(parameters, new String[] {"prompt=ab", "--max-new-tokens=4"}, more);
    assertThat(run.err()).contains("Parameters from ");
    return run.out().strip();
  }

  private static CommandRun decoding(Path parameters, String[] fixed, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("decode", "load_parameters_path=" + parameters, "hardware=interpreter"));
    all.addAll(List.of(fixed));
    all.addAll(List.of(more));
    CommandRun run = CommandRun.of(all.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }
}
