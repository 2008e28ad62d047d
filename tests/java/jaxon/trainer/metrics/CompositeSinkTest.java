package jaxon.trainer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CompositeSinkTest {

  @Test
  void writesToAllAndClosesAll() {
    RecordingSink a = new RecordingSink();
    RecordingSink b = new RecordingSink();
    try (CompositeSink sink = new CompositeSink(List.of(a, b))) {
      sink.write(3, Scalars.of("x", 1));
    }
    assertThat(a.steps).containsExactly(3L);
    assertThat(b.steps).containsExactly(3L);
    assertThat(a.closes + b.closes).isEqualTo(2);
  }

  @Test
  void oneFailureDoesNotStarveTheOthers() {
    RecordingSink a = new RecordingSink();
    RecordingSink b = new RecordingSink();
    RecordingSink c = new RecordingSink();
    a.failAt = 3;
    c.failAt = 3;
    CompositeSink sink = new CompositeSink(List.of(a, b, c));
    assertThatThrownBy(() -> sink.write(3, Scalars.of("x", 1)))
        .hasMessage("disk full at 3")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(b.steps).containsExactly(3L);
  }
}
