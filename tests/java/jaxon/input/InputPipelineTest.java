package jaxon.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import jaxon.config.DatasetType;
import jaxon.config.TokenizerType;
import jaxon.input.source.InputException;
import jaxon.input.source.ParquetFixture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InputPipelineTest {
  private static final int DOCUMENTS = 40;

  @TempDir Path root;

  @ParameterizedTest
  @EnumSource(DatasetType.class)
  void resumesExactlyFromEveryBatch(DatasetType type) throws IOException {
    for (PackingType packing : PackingType.values()) {
      InputSettings settings = settings(type).packing(packing).build();
      List<String> batches;
      List<Map<String, Object>> states = new ArrayList<>();
      try (InputPipeline pipeline = InputPipeline.open(settings);
          BatchIterator iterator = pipeline.trainIterator()) {
        batches = new ArrayList<>();
        for (int k = 0; k < 30; k++) {
          states.add(iterator.state().toMap());
          batches.addAll(TestData.take(iterator, 1));
        }
      }
      try (InputPipeline pipeline = InputPipeline.open(settings)) {
        for (int k = 0; k < 29; k++) {
          try (BatchIterator iterator = pipeline.trainIterator()) {
            iterator.restore(IteratorState.fromMap(states.get(k)));
            assertThat(TestData.take(iterator, 2))
                .as("%s %s from batch %d", type, packing, k)
                .isEqualTo(batches.subList(k, Math.min(30, k + 2)));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(DatasetType.class)
  void prefetchingAndShardsChangeNothing(DatasetType type) throws IOException {
    InputSettings settings = settings(type).batchSize(4).build();
    try (InputPipeline plain = InputPipeline.open(settings.toBuilder().prefetch(0).build());
        InputPipeline left = InputPipeline.open(settings.toBuilder().shardCount(2).build());
        InputPipeline right =
            InputPipeline.open(settings.toBuilder().shardCount(2).shardIndex(1).build());
        BatchIterator whole = plain.trainIterator();
        BatchIterator first = left.trainIterator();
        BatchIterator second = right.trainIterator()) {
      for (int k = 0; k < 20; k++) {
        int[] all = whole.next().inputs();
        assertThat(first.next().inputs()).isEqualTo(Arrays.copyOf(all, all.length / 2));
        assertThat(second.next().inputs())
            .isEqualTo(Arrays.copyOfRange(all, all.length / 2, all.length));
        assertThat(first.state()).isEqualTo(whole.state()).isEqualTo(second.state());
      }
    }
  }

  @Test
  void seedsAndEpochsGiveOtherOrders() throws IOException {
    InputSettings settings =
        settings(DatasetType.JSONL).packing(PackingType.NONE).batchSize(1).build();
    List<String> first = epoch(settings, 0);
    assertThat(epoch(settings, 0)).isEqualTo(first);
    assertThat(epoch(settings, 1)).isNotEqualTo(first).containsExactlyInAnyOrderElementsOf(first);
    assertThat(epoch(settings.toBuilder().seed(9).build(), 0))
        .isNotEqualTo(first)
        .containsExactlyInAnyOrderElementsOf(first);
  }

  /// The rows of one epoch, without batch numbers.
  private static List<String> epoch(InputSettings settings, long wanted) {
    List<String> rows = new ArrayList<>();
    try (InputPipeline pipeline = InputPipeline.open(settings);
        BatchIterator iterator = pipeline.trainIterator()) {
      Batch batch = iterator.next();
      while (batch.origins().getFirst().epoch() <= wanted) {
        if (batch.origins().getFirst().epoch() == wanted) {
          rows.add(Arrays.toString(batch.inputs()));
        }
        batch = iterator.next();
      }
    }
    return rows;
  }

  @Test
  void evaluationPassesOnceInOrderAndSharesNothingWithTraining() throws IOException {
    for (DatasetType type : List.of(DatasetType.TEXT, DatasetType.JSONL, DatasetType.PARQUET)) {
      InputSettings settings =
          settings(type).evalFraction(0.2).numEpochs(1).addBos(false).addEos(false).build();
      try (InputPipeline pipeline = InputPipeline.open(settings);
          BatchIterator train = pipeline.trainIterator();
          BatchIterator eval = pipeline.evalIterator(3).orElseThrow()) {
        int evalTargets = targets(eval);
        int all = targets(train) + evalTargets;
        assertThat(evalTargets).as("%s", type).isBetween(all / 12, all / 2);
        assertThatThrownBy(train::next)
            .isInstanceOf(NoSuchElementException.class)
            .hasMessageContaining("numEpochs");
        assertThat(eval.hasNext()).isFalse();
        assertThat(pipeline.describe()).contains("eval");
      }
    }
  }

  @Test
  void evaluationMayHaveAPathOfItsOwn() throws IOException {
    Path text = Files.writeString(root.resolve("eval.txt"), "abc");
    InputSettings settings =
        settings(DatasetType.TEXT).evalPath(text.toString()).addEos(false).build();
    try (InputPipeline pipeline = InputPipeline.open(settings);
        BatchIterator eval = pipeline.evalIterator().orElseThrow()) {
      Batch batch = eval.next();
      assertThat(batch.inputs()).startsWith(256, 'a', 'b', 0);
      assertThat(batch.targets()).startsWith('a', 'b', 'c', 0);
      assertThat(batch.targetsSegmentation()).startsWith(1, 1, 1, 0).endsWith(0);
      assertThat(eval.hasNext()).isFalse();
    }
  }

  private static int targets(BatchIterator batches) {
    int count = 0;
    while (batches.hasNext()) {
      count += batches.next().targetCount();
    }
    return count;
  }

  @Test
  void plainTextIsPredictedOncePerEpoch() throws IOException {
    Path file = Files.writeString(root.resolve("one.txt"), "abcdefghij".repeat(7));
    for (PackingType packing : PackingType.values()) {
      InputSettings settings =
          settings(DatasetType.TEXT)
              .path(file.toString())
              .packing(packing)
              .numEpochs(1)
              .addBos(false)
              .addEos(false)
              .build();
      try (InputPipeline pipeline = InputPipeline.open(settings);
          BatchIterator train = pipeline.trainIterator()) {
        assertThat(targets(train)).isEqualTo(69);
      }
    }
  }

  @Test
  void syntheticTokensCoverTheVocabulary() throws IOException {
    InputSettings settings =
        settings(DatasetType.SYNTHETIC).vocabSize(11).packing(PackingType.FIRST_FIT).build();
    Map<Integer, Integer> seen = new HashMap<>();
    try (InputPipeline pipeline = InputPipeline.open(settings);
        BatchIterator train = pipeline.trainIterator()) {
      for (int k = 0; k < 20; k++) {
        Batch batch = train.next();
        assertThat(batch.targetCount()).isEqualTo(batch.rows() * batch.length());
        for (int token : batch.inputs()) {
          assertThat(token).isBetween(0, 10);
          seen.merge(token, 1, Integer::sum);
        }
      }
    }
    assertThat(seen).hasSize(11);
  }

  @Test
  void reusesTheFirstBatchIfAsked() throws IOException {
    InputSettings settings = settings(DatasetType.TEXT).reuseExampleBatch(true).build();
    try (InputPipeline pipeline = InputPipeline.open(settings);
        BatchIterator train = pipeline.trainIterator()) {
      Batch first = train.next();
      assertThat(train.next()).isSameAs(first);
      assertThat(train.state().batches()).isEqualTo(2);
    }
  }

  @Test
  void batchesKnowWhereTheyCameFrom() throws IOException {
    InputSettings settings =
        settings(DatasetType.JSONL).shuffle(false).packing(PackingType.NONE).batchSize(2).build();
    try (InputPipeline pipeline = InputPipeline.open(settings);
        BatchIterator train = pipeline.trainIterator()) {
      assertThat(train.next().origins())
          .first()
          .hasToString("row 0: epoch 0, document 0, from token 0");
      assertThat(train.next()).asString().startsWith("batch 1 (2 x 12 tokens; row 0: epoch 0");
    }
  }

  @Test
  void aBadLineShowsUpAtTheConsumerWithItsPlace() throws IOException {
    Path file =
        Files.writeString(root.resolve("bad.jsonl"), "{\"text\": \"fine text\"}\n{broken\n");
    InputSettings settings =
        settings(DatasetType.JSONL).path(file.toString()).shuffle(false).build();
    try (InputPipeline pipeline = InputPipeline.open(settings);
        BatchIterator train = pipeline.trainIterator()) {
      assertThatThrownBy(train::next)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("bad.jsonl:2");
    }
  }

  @Test
  void aStateOfOtherDataIsRefused() throws IOException {
    InputSettings settings = settings(DatasetType.JSONL).build();
    IteratorState state;
    try (InputPipeline pipeline = InputPipeline.open(settings);
        BatchIterator train = pipeline.trainIterator()) {
      train.next();
      state = train.state();
    }
    try (InputPipeline pipeline = InputPipeline.open(settings.toBuilder().seed(2).build());
        BatchIterator train = pipeline.trainIterator()) {
      assertThatThrownBy(() -> train.restore(state))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("seed=1")
          .hasMessageContaining("seed=2");
    }
  }

  @Test
  void aDamagedStateIsRefused() {
    Map<String, Object> map = new LinkedHashMap<>();
    assertThatThrownBy(() -> IteratorState.fromMap(map)).isInstanceOf(InputException.class);
    map.putAll(new IteratorState(1, 2, 3, 4, "x").toMap());
    assertThat(IteratorState.fromMap(map)).isEqualTo(new IteratorState(1, 2, 3, 4, "x"));
    map.put("epoch", 2);
    assertThat(IteratorState.fromMap(map).epoch()).isEqualTo(2);
    for (Object bad : List.of(-1L, 1.5, "1")) {
      map.put("position", bad);
      assertThatThrownBy(() -> IteratorState.fromMap(map))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("position");
    }
  }

  @Test
  void aVocabularyTooLargeForTheModelIsRefused() throws IOException {
    InputSettings settings = settings(DatasetType.TEXT).vocabSize(258).build();
    assertThatThrownBy(() -> InputPipeline.open(settings))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("259")
        .hasMessageContaining("258");
  }

  @Test
  void missingDataAndTokenizersAreNamed() {
    assertThatThrownBy(() ->
            InputPipeline.open(
                TestData.settings(1, 4).toBuilder()
                    .datasetType(DatasetType.JSONL)
                    .path(root + "/none.jsonl")
                    .build()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("none.jsonl");
    assertThatThrownBy(() ->
            InputPipeline.openTokenizer(TokenizerType.HUGGINGFACE, root.resolve("none").toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("none");
  }

  @Test
  void tooFewDocumentsToHoldOneOutAreRefused() throws IOException {
    InputSettings settings = settings(DatasetType.JSONL).evalFraction(0.001).build();
    assertThatThrownBy(() -> InputPipeline.open(settings))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("one document in 1000")
        .hasMessageContaining("only 40");
  }

  @Test
  void settingsAreChecked() {
    InputSettingsBuilder builder = InputSettings.builder();
    assertRefused(builder.batchSize(0), "batchSize");
    assertRefused(builder.batchSize(3).shardCount(2), "3 cannot be divided among 2");
    assertRefused(builder.batchSize(4).shardIndex(2), "between 0 and 1");
    assertRefused(builder.shardIndex(0).evalFraction(Double.NaN), "evalFraction");
    assertRefused(builder.evalFraction(0).batchSize(1 << 20).maxTargetLength(1 << 20), "too large");
  }

  private static void assertRefused(InputSettingsBuilder builder, String message) {
    assertThatThrownBy(builder::build)
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  /// Settings over generated data of each type.
  private InputSettingsBuilder settings(DatasetType type) throws IOException {
    SplittableRandom random = new SplittableRandom(11);
    List<@Nullable String> texts = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      StringBuilder text = new StringBuilder("d" + i);
      random.ints(random.nextInt(40), 'a', 'z' + 1).forEach(c -> text.append((char) c));
      texts.add(text.toString());
    }
    Path data = root.resolve("data-" + type);
    Files.createDirectories(data);
    switch (type) {
      case SYNTHETIC -> {}
      case TEXT -> {
        for (int i = 0; i < 3; i++) {
          Files.writeString(
              data.resolve(i + ".txt"), String.join("\n", texts.subList(i * 13, i * 13 + 13)));
        }
      }
      case JSONL -> {
        StringBuilder lines = new StringBuilder();
        texts.forEach(text -> lines.append("{\"text\": \"").append(text).append("\"}\n"));
        Files.writeString(data.resolve("a.jsonl"), lines);
      }
      case PARQUET -> ParquetFixture.write(data.resolve("a.parquet"), texts, 7);
    }
    return InputSettings.builder()
        .datasetType(type)
        .path(data.toString())
        .batchSize(3)
        .maxTargetLength(12)
        .seed(1);
  }
}
