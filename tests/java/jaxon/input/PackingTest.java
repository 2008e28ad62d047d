package jaxon.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jaxon.input.source.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Properties of every packing over generated documents, and small cases by hand.
class PackingTest {

  @ParameterizedTest
  @EnumSource(PackingType.class)
  void predictsEveryTokenOnceInWellFormedRows(PackingType packing) {
    for (int seed = 0; seed < 40; seed++) {
      int[] lengths = TestData.lengths(seed, 1 + seed, 45);
      lengths[0] = 5;
      InputSettings settings =
          TestData.settings(1 + seed % 5, 1 + seed % 17).toBuilder().packing(packing).build();
      List<Long> pairs = new ArrayList<>();
      BatchIterator batches = iterator(settings, TestData.corpus(lengths), seed % 2 == 0, 1);
      while (batches.hasNext()) {
        Batch batch = batches.next();
        assertThat(batch.targetCount()).as("pairs in %s", batch).isPositive();
        checkRows(batch, pairs);
      }
      assertThat(pairs).containsExactlyInAnyOrderElementsOf(expectedPairs(lengths));
    }
  }

  @ParameterizedTest
  @EnumSource(PackingType.class)
  void storedTextPredictsEveryTokenOnce(PackingType packing) {
    for (int seed = 0; seed < 30; seed++) {
      int[] lengths = TestData.lengths(seed, 1 + seed % 7, 90);
      lengths[0] = 2 + seed;
      InputSettings settings =
          TestData.settings(1 + seed % 4, 1 + seed % 13).toBuilder().packing(packing).build();
      Dataset data = new Dataset.Stored(stored(TestData.corpus(lengths)));
      BatchIterator batches =
          new PackedBatchIterator(settings, data.packer(settings, seed % 2 == 0, 1));
      List<Long> pairs = new ArrayList<>();
      while (batches.hasNext()) {
        checkRows(batches.next(), pairs);
      }
      assertThat(pairs).containsExactlyInAnyOrderElementsOf(expectedPairs(lengths));
    }
  }

  @ParameterizedTest
  @EnumSource(PackingType.class)
  void shardsTogetherGiveTheWholeBatch(PackingType packing) {
    int[] lengths = TestData.lengths(3, 50, 40);
    InputSettings whole = TestData.settings(6, 16).toBuilder().packing(packing).build();
    for (Dataset data :
        List.of(
            new Dataset.Documents(TestData.corpus(lengths)),
            new Dataset.Stored(stored(TestData.corpus(lengths))))) {
      BatchIterator all = new PackedBatchIterator(whole, data.packer(whole, true, 1));
      List<BatchIterator> shards = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        InputSettings part = whole.toBuilder().shardIndex(i).shardCount(3).build();
        shards.add(new PackedBatchIterator(part, data.packer(part, true, 1)));
      }
      while (all.hasNext()) {
        int[] joined =
            shards.stream().flatMapToInt(s -> Arrays.stream(s.next().inputs())).toArray();
        assertThat(joined).isEqualTo(all.next().inputs());
        assertThat(shards).allMatch(s -> s.state().equals(all.state()));
      }
      assertThat(shards).noneMatch(BatchIterator::hasNext);
    }
  }

  @Test
  void concatenationLeavesNoPaddingButAtTheEnd() {
    InputSettings settings =
        TestData.settings(2, 8).toBuilder().packing(PackingType.CONCAT_THEN_SPLIT).build();
    BatchIterator batches =
        iterator(settings, TestData.corpus(TestData.lengths(1, 60, 20)), true, 1);
    Batch batch = batches.next();
    while (batches.hasNext()) {
      assertThat(batch.targetCount()).isEqualTo(16);
      batch = batches.next();
    }
  }

  @Test
  void firstFitFillsEarlierRows() {
    InputSettings settings = TestData.settings(2, 8);
    BatchIterator batches = iterator(settings, TestData.corpus(7, 6, 3, 4, 9), false, 1);
    Batch batch = batches.next();
    assertThat(batch.inputsSegmentation())
        .containsExactly(1, 1, 1, 1, 1, 1, 2, 2, 1, 1, 1, 1, 1, 2, 2, 2);
    assertThat(batch.inputsPosition())
        .containsExactly(0, 1, 2, 3, 4, 5, 0, 1, 0, 1, 2, 3, 4, 0, 1, 2);
    assertThat(batch.inputs())
        .containsExactly(
            0, 1, 2, 3, 4, 5, 20_000, 20_001, 10_000, 10_001, 10_002, 10_003, 10_004, 30_000,
            30_001, 30_002);
    assertThat(batch.targets()).startsWith(1, 2, 3, 4, 5, 6, 20_001, 20_002);
    assertThat(batches.next().inputs()).startsWith(40_000, 40_001).endsWith(0, 0, 0);
    assertThat(batches.hasNext()).isFalse();
  }

  @Test
  void firstFitKeepsToTheSegmentLimit() {
    InputSettings settings =
        TestData.settings(1, 100).toBuilder().maxSegmentsPerSequence(3).build();
    Batch batch = iterator(settings, TestData.corpus(2, 2, 2, 2, 2), false, 1).next();
    assertThat(batch.targetCount()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(PackingType.class)
  void documentsWithNothingToPredictAreAnErrorAndNotAnEndlessLoop(PackingType packing) {
    InputSettings settings = TestData.settings(2, 8).toBuilder().packing(packing).build();
    BatchIterator batches = iterator(settings, TestData.corpus(1, 0, 1), true, 0);
    assertThatThrownBy(batches::next)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("None of the 3 documents");
  }

  private static BatchIterator iterator(
      InputSettings settings, TokenCorpus corpus, boolean shuffle, long epochs) {
    return new PackedBatchIterator(
        settings, new Dataset.Documents(corpus).packer(settings, shuffle, epochs));
  }

  private static StoredText stored(TokenCorpus corpus) {
    TokenStore store = new TokenStore(1 << 30);
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < corpus.size(); i++) {
      long from = store.size();
      store.append(corpus.tokens(i));
      spans.add(new Span(from, store.size(), "document " + i));
    }
    return new StoredText(store, spans);
  }

  private static List<Long> expectedPairs(int[] lengths) {
    List<Long> pairs = new ArrayList<>();
    for (int d = 0; d < lengths.length; d++) {
      for (int j = 0; j + 1 < lengths[d]; j++) {
        pairs.add(pair(d * 10_000 + j, d * 10_000 + j + 1));
      }
    }
    return pairs;
  }

  private static long pair(int input, int target) {
    return ((long) input << 32) | target;
  }

  /// Segments are contiguous, numbered from 1, positions count up from 0, padding is 0 and comes
  /// last.
  private static void checkRows(Batch batch, List<Long> pairs) {
    assertThat(batch.targetsSegmentation()).isEqualTo(batch.inputsSegmentation());
    for (int row = 0; row < batch.rows(); row++) {
      int segment = 0;
      int position = 0;
      boolean padding = false;
      for (int i = 0; i < batch.length(); i++) {
        int at = row * batch.length() + i;
        int found = batch.inputsSegmentation()[at];
        if (found == 0) {
          padding = true;
          assertThat(batch.inputs()[at] + batch.targets()[at] + batch.inputsPosition()[at])
              .isZero();
          continue;
        }
        assertThat(padding).as("a token after padding").isFalse();
        if (found != segment) {
          assertThat(found).isEqualTo(segment + 1);
          segment = found;
          position = 0;
        } else {
          assertThat(batch.inputs()[at]).isEqualTo(batch.targets()[at - 1]);
        }
        assertThat(batch.inputsPosition()[at]).isEqualTo(position++);
        pairs.add(pair(batch.inputs()[at], batch.targets()[at]));
      }
    }
  }
}
