package jaxon.collective.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import jaxon.collective.CollectiveCases;
import jaxon.collective.CollectiveKind;
import jaxon.collective.Communicator;
import jaxon.collective.Reduction;
import jaxon.collective.memory.LocalWorld;
import jaxon.graph.type.Bf16;
import org.junit.jupiter.api.Test;

class Bf16WireTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final int RANKS = 3;

  @Test
  void allReduceSendsHalf() {
    LocalWorld.run(
        RANKS,
        DEADLINE,
        c -> {
          try (Arena arena = Arena.ofShared();
              Bf16Wire wire = new Bf16Wire(c)) {
            MemorySegment memory = CollectiveCases.floats(arena, c.rank(), 99);
            wire.allReduce(Reduction.SUM, 99, memory, memory);
            for (int i = 0; i < 99; i++) {
              assertThat(memory.getAtIndex(ValueLayout.JAVA_FLOAT, i)).isEqualTo(sum(i));
            }
            assertThat(c.transfers().bytes(CollectiveKind.ALL_REDUCE))
                .isEqualTo(2 * 2 * 99 * 2 / 3);
          }
        });
  }

  @Test
  void reduceScatterGivesEachRankItsPart() {
    LocalWorld.run(
        RANKS,
        DEADLINE,
        c -> {
          try (Arena arena = Arena.ofShared();
              Bf16Wire wire = new Bf16Wire(c)) {
            MemorySegment input = CollectiveCases.floats(arena, c.rank(), 33 * RANKS);
            MemorySegment output = arena.allocate(4 * 33);
            wire.reduceScatter(Reduction.SUM, 33, input, output);
            for (int i = 0; i < 33; i++) {
              float expected = sum(c.rank() * 33L + i);
              assertThat(output.getAtIndex(ValueLayout.JAVA_FLOAT, i)).isEqualTo(expected);
            }
          }
        });
  }

  @Test
  void shortOutputIsRefused() {
    try (LocalWorld world = new LocalWorld(1, DEADLINE);
        Arena arena = Arena.ofShared()) {
      Communicator c = world.communicator(0);
      MemorySegment input = arena.allocate(40);
      try (Bf16Wire wire = new Bf16Wire(c)) {
        assertThatThrownBy(() -> wire.allReduce(Reduction.SUM, 10, input, input.asSlice(8)))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
    }
  }

  private static float sum(long i) {
    float sum = Bf16.toFloat(Bf16.fromFloat((float) CollectiveCases.input(0, i)));
    for (int r = 1; r < RANKS; r++) {
      sum += Bf16.toFloat(Bf16.fromFloat((float) CollectiveCases.input(r, i)));
    }
    return Bf16.toFloat(Bf16.fromFloat(sum));
  }
}
