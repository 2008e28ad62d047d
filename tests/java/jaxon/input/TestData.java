package jaxon.input;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Corpora in memory and a reader of batches for the tests of this package.
final class TestData {
  private TestData() {}

  /// A corpus of documents whose tokens are all different: document `d`, token `j` is `d * 10_000 +
  /// j`.
  static TokenCorpus corpus(int... lengths) {
    List<int[]> documents = new ArrayList<>();
    for (int d = 0; d < lengths.length; d++) {
      int[] tokens = new int[lengths[d]];
      Arrays.setAll(tokens, new Numbering(d)::token);
      documents.add(tokens);
    }
    return new Fixed(documents);
  }

  /// Random document lengths from 0 to `most`.
  static int[] lengths(long seed, int count, int most) {
    SplittableRandom random = new SplittableRandom(seed);
    return random.ints(count, 0, most + 1).toArray();
  }

  static InputSettings settings(int batchSize, int length) {
    return InputSettings.builder().batchSize(batchSize).maxTargetLength(length).prefetch(0).build();
  }

  /// Everything of a batch that must be the same, as text.
  static String contents(Batch batch) {
    return batch.index()
        + Arrays.toString(batch.inputs())
        + Arrays.toString(batch.inputsPosition())
        + Arrays.toString(batch.inputsSegmentation())
        + Arrays.toString(batch.targets())
        + Arrays.toString(batch.targetsSegmentation())
        + batch.origins();
  }

  /// The next `count` batches.
  static List<String> take(BatchIterator batches, int count) {
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(contents(batches.next()));
    }
    return taken;
  }

  private record Numbering(int document) {
    int token(int j) {
      return document * 10_000 + j;
    }
  }

  private record Fixed(List<int[]> documents) implements TokenCorpus {
    @Override
    public long size() {
      return documents.size();
    }

    @Override
    public int[] tokens(long index) {
      return documents.get((int) index);
    }

    @Override
    public String locate(long index) {
      return "document " + index;
    }
  }
}
