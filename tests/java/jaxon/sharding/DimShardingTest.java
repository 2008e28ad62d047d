package jaxon.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import jaxon.sharding.DimSharding.Part;
import org.junit.jupiter.api.Test;

class DimShardingTest {
  private static final Mesh MESH = Mesh.of("a", 2, "b", 3);

  private static DimSharding dim(long size, String... axes) {
    return DimSharding.of(size, List.of(axes));
  }

  @Test
  void blocksOfWholeMinorPartsAreBlocks() {
    assertThat(DimSharding.join(List.of(dim(4, "a"), dim(5)), MESH)).isEqualTo(dim(20, "a"));
    assertThat(DimSharding.join(List.of(dim(2, "a"), dim(6, "b")), MESH))
        .isEqualTo(dim(12, "a", "b"));
    assertThat(DimSharding.join(List.of(dim(1), dim(6, "b"), dim(1)), MESH)).isEqualTo(dim(6, "b"));
    assertThat(DimSharding.join(List.of(), MESH)).isEqualTo(dim(1));
  }

  @Test
  void partsCutApartStayParts() {
    DimSharding both = DimSharding.join(List.of(dim(4, "a"), dim(6, "b")), MESH);
    assertThat(both)
        .isEqualTo(new DimSharding(List.of(new Part(4, List.of("a")), new Part(6, List.of("b")))))
        .hasToString("4:a·6:b");
    assertThat(both.localSize(MESH)).isEqualTo(4);
    assertThat(both.isBlocks()).isFalse();
  }

  @Test
  void splitsUndoJoins() {
    DimSharding both = DimSharding.join(List.of(dim(4, "a"), dim(6, "b")), MESH);
    assertThat(both.split(List.of(4L, 6L), MESH)).contains(List.of(dim(4, "a"), dim(6, "b")));
    assertThat(both.split(List.of(2L, 2L, 6L), MESH))
        .contains(List.of(dim(2, "a"), dim(2), dim(6, "b")));
    assertThat(dim(12, "a", "b").split(List.of(2L, 6L), MESH))
        .contains(List.of(dim(2, "a"), dim(6, "b")));
    assertThat(dim(12, "a").split(List.of(4L, 3L), MESH)).contains(List.of(dim(4, "a"), dim(3)));
  }

  @Test
  void doesNotSplitAcrossBlocks() {
    assertThat(dim(12, "a").split(List.of(3L, 4L), MESH)).isEqualTo(Optional.empty());
    assertThat(dim(12, "b", "a").split(List.of(4L, 3L), MESH)).isEqualTo(Optional.empty());
  }
}
