package jaxon.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HoldOutTest {

  @ParameterizedTest
  @CsvSource({"2, 0.5", "10, 0.1", "19, 0.1", "1000, 0.03", "1001, 0.5", "100, 0.01"})
  void everyDocumentIsOnOneSideInOrder(long size, double fraction) {
    HoldOut split = new HoldOut(size, fraction, 5);
    List<Long> train =
        LongStream.range(0, split.trainSize()).map(split::trainDocument).boxed().toList();
    List<Long> eval =
        LongStream.range(0, split.evalSize()).map(split::evalDocument).boxed().toList();
    assertThat(train).isSorted();
    assertThat(eval).isSorted().isNotEmpty();
    List<Long> both = new ArrayList<>(train);
    both.addAll(eval);
    assertThat(both)
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, size).boxed().toList());
    assertThat((double) eval.size() / size).isBetween(fraction / 2, fraction * 1.02);
  }

  @Test
  void dependsOnTheSeed() {
    HoldOut one = new HoldOut(1000, 0.1, 1);
    HoldOut two = new HoldOut(1000, 0.1, 2);
    assertThat(LongStream.range(0, 100).filter(i -> one.evalDocument(i) == two.evalDocument(i)))
        .hasSizeLessThan(40);
  }

  @Test
  void textIsSplitByDocumentOrAtItsEnd() {
    List<Span> one = List.of(new Span(0, 1000, "a"));
    TextSplit tail = TextSplit.of(one, 0.1, 0);
    assertThat(tail.train()).containsExactly(new Span(0, 900, "a"));
    assertThat(tail.eval()).containsExactly(new Span(900, 1000, "the end of a"));

    List<Span> many = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      many.add(new Span(i * 10L, i * 10L + 10, "d" + i));
    }
    TextSplit whole = TextSplit.of(many, 0.1, 0);
    assertThat(whole.eval()).hasSize(2);
    assertThat(whole.train()).hasSize(18).doesNotContainAnyElementsOf(whole.eval());
    assertThat(many).containsAll(whole.train()).containsAll(whole.eval());
  }
}
