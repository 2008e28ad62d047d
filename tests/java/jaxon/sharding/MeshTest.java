package jaxon.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import jaxon.graph.type.Shape;
import org.junit.jupiter.api.Test;

class MeshTest {
  private static final Mesh MESH = new Mesh(List.of("data", "fsdp", "tensor"), List.of(2, 3, 2));

  @Test
  void idsAreRowMajor() {
    assertThat(MESH.devices()).isEqualTo(12);
    assertThat(MESH.place(7, List.of("data"))).isEqualTo(1);
    assertThat(MESH.place(7, List.of("fsdp"))).isZero();
    assertThat(MESH.place(7, List.of("tensor"))).isEqualTo(1);
    assertThat(MESH.size("context")).isEqualTo(1);
    assertThat(MESH).hasToString("(data 2, fsdp 3, tensor 2)");
  }

  @Test
  void groupsDifferInTheirAxesOnly() {
    assertThat(MESH.groups(MESH.group(List.of("fsdp"))))
        .containsExactly(List.of(0, 2, 4), List.of(1, 3, 5), List.of(6, 8, 10), List.of(7, 9, 11));
    assertThat(MESH.groups(MESH.group(List.of("tensor", "data"))))
        .as("the first axis listed varies slowest")
        .containsExactly(List.of(0, 6, 1, 7), List.of(2, 8, 3, 9), List.of(4, 10, 5, 11));
  }

  @Test
  void refusesAxesThatItDoesNotHave() {
    assertThatThrownBy(() -> MESH.group(List.of("expert")))
        .isInstanceOf(ShardingException.class)
        .hasMessage("there is no mesh axis expert; the axes are [data, fsdp, tensor]");
    assertThatThrownBy(() -> new Mesh(List.of("data", "data"), List.of(1, 2)))
        .isInstanceOf(ShardingException.class);
    assertThatThrownBy(() -> Mesh.of("data", 0)).hasMessageContaining("at least 1, got [0]");
  }

  @Test
  void shardingsCutBlocks() {
    Sharding sharding = new Sharding(MESH, PartitionSpec.of("fsdp+data", "", "tensor"));
    Shape global = Shape.of(12, 5, 4);
    assertThat(sharding.localShape(global)).isEqualTo(Shape.of(2, 5, 2));
    // Device 7 is data 1, fsdp 0, tensor 1.
    assertThat(sharding.offsets(7, global)).containsExactly(2L, 0L, 2L);
    assertThat(sharding.divides(0, 9)).isFalse();
    assertThatThrownBy(() -> sharding.localShape(Shape.of(9, 5, 4)))
        .hasMessageContaining(
            "dim 0 of [9, 5, 4] does not divide by the 6 devices along fsdp+data");
    assertThatThrownBy(() -> PartitionSpec.of("data", "data"))
        .hasMessageContaining("mesh axis data is used twice");
  }
}
