package jaxon.collective.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpansTest {
  @ParameterizedTest
  @ValueSource(ints = {8, 208, 1312, 65_408, 262_144, 1_000_000})
  void piecesAreWholeFrames(int maxPayload) {
    int piece = Spans.piece(maxPayload);
    assertThat(piece).isLessThanOrEqualTo(Spans.PIECE).isGreaterThan(Spans.PIECE / 2);
    assertThat(piece % Math.min(maxPayload, Spans.PIECE)).isZero();
  }

  @Test
  void framesAreFullUpToTheEndOfAStretch() {
    int frame = 65_408;
    Spans spans = Spans.of(0, 5L * frame + 24).add(1 << 20, 100);
    List<Integer> lengths = new ArrayList<>();
    while (!spans.isDone()) {
      int length = spans.next(frame, Spans.piece(frame));
      lengths.add(length);
      spans.advance(length);
    }
    assertThat(lengths).containsExactly(frame, frame, frame, frame, frame, 24, 100);
  }
}
