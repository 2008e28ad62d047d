package jaxon.collective;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jaxon.collective.FlightRecorder.Entry;
import jaxon.collective.FlightRecorder.State;
import jaxon.graph.type.DType;
import org.junit.jupiter.api.Test;

class FlightRecorderTest {
  private static final CallHeader HEADER =
      new CallHeader(CollectiveKind.ALL_REDUCE, Reduction.SUM, DType.BF16, 1000, 0);

  @Test
  void keepsTheNewest() {
    FlightRecorder recorder = new FlightRecorder(3, 4);
    for (int i = 0; i < 10; i++) {
      recorder.queued(100 + i, List.of(0, 3), HEADER);
    }
    assertThat(recorder.entries())
        .extracting(Entry::sequence)
        .containsExactly(106L, 107L, 108L, 109L);
  }

  @Test
  void aLateEndOfAReplacedEntryChangesNothing() {
    FlightRecorder recorder = new FlightRecorder(0, 2);
    long first = recorder.queued(0, List.of(0), HEADER);
    recorder.queued(1, List.of(0), HEADER);
    recorder.queued(2, List.of(0), HEADER);
    recorder.ended(first, true);
    assertThat(recorder.entries()).extracting(Entry::state).containsOnly(State.QUEUED);
  }

  @Test
  void dumpTellsWhatIsUnderWay() {
    FlightRecorder recorder = new FlightRecorder(3);
    recorder.ended(recorder.queued(41, List.of(0, 3), HEADER), true);
    recorder.started(recorder.queued(42, List.of(0, 3), HEADER));
    assertThat(recorder.dump().lines())
        .hasSize(4)
        .first()
        .isEqualTo("rank 3: the last 2 collectives");
    assertThat(recorder.dump().lines().toList().getLast())
        .contains("42", "RUNNING", "all_reduce(sum) of 1,000 bf16 (2,000 bytes) in group [0, 3]");
  }
}
