package jaxon.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jaxon.config.DatasetType;
import jaxon.config.TokenizerType;
import jaxon.input.source.InputException;
import jaxon.input.tokenizer.HuggingFaceTokenizer;
import jaxon.input.tokenizer.WordPattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTrainingTest {
  private static final String TEXT = "a rose is a rose is a rose, said the rose to the bee.\n";

  @TempDir Path root;

  @Test
  void trainsOnJsonLinesAndTheResultFeedsThePipeline() throws IOException {
    Path data = root.resolve("data.jsonl");
    Files.writeString(data, ("{\"body\": \"" + TEXT.strip() + "\"}\n").repeat(5));
    List<TokenizerTraining.Stage> stages = new ArrayList<>();
    TokenizerTraining.Result result =
        TokenizerTraining.run(
            settings(DatasetType.JSONL, data, 270),
            (stage, done, total) -> {
              assertThat(done).isBetween(0L, total);
              stages.add(stage);
            });
    assertThat(result.file()).isEqualTo(root.resolve("tokenizer.json"));
    assertThat(result.vocabSize()).isEqualTo(270);
    assertThat(result.documents()).isEqualTo(5);
    assertThat(stages).contains(TokenizerTraining.Stage.values());

    InputSettings settings =
        InputSettings.builder()
            .datasetType(DatasetType.JSONL)
            .path(data.toString())
            .column("body")
            .tokenizerType(TokenizerType.HUGGINGFACE)
            .tokenizerPath(root.toString())
            .vocabSize(270)
            .maxTargetLength(64)
            .build();
    try (InputPipeline pipeline = InputPipeline.open(settings);
        BatchIterator train = pipeline.trainIterator()) {
      int[] inputs = train.next().inputs();
      assertThat(pipeline.tokenizer().decode(inputs)).startsWith("a rose is a rose");
    }
  }

  @Test
  void givesFewerTokensThanAskedWhereTheTextIsShort() throws IOException {
    Path data = Files.writeString(root.resolve("data.txt"), TEXT.repeat(2));
    TokenizerTraining.Result result =
        TokenizerTraining.run(settings(DatasetType.TEXT, data, 5000), (_, _, _) -> {});
    assertThat(result.vocabSize()).isBetween(270, 330);
    try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.open(result.file().toString())) {
      assertThat(tokenizer.vocabSize()).isEqualTo(result.vocabSize());
      assertThat(tokenizer.decode(tokenizer.encode(TEXT))).isEqualTo(TEXT);
    }
  }

  @Test
  void refusesWhatCannotWork() throws IOException {
    Path empty = Files.writeString(root.resolve("data.jsonl"), "{\"body\": null}\n");
    assertFails(settings(DatasetType.JSONL, empty, 300), "holds no text");
    assertFails(settings(DatasetType.JSONL, root.resolve("none"), 300), "does not exist");
    assertFails(settings(DatasetType.JSONL, empty, 100), "at least 258");
    assertFails(settings(DatasetType.SYNTHETIC, empty, 300), "Synthetic");
    assertThat(root.resolve("tokenizer.json")).doesNotExist();
  }

  private static void assertFails(TokenizerTraining.Settings settings, String message) {
    assertThatThrownBy(() -> TokenizerTraining.run(settings, (_, _, _) -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  private TokenizerTraining.Settings settings(DatasetType type, Path data, int vocabSize) {
    return new TokenizerTraining.Settings(
        type,
        data.toString(),
        "body",
        vocabSize,
        2,
        List.of("<s>", "</s>"),
        WordPattern.LLAMA3,
        root);
  }
}
