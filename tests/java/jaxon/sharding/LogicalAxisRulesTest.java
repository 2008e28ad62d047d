package jaxon.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.type.Shape;
import jaxon.sharding.LogicalAxisRules.Assignment;
import org.junit.jupiter.api.Test;

class LogicalAxisRulesTest {
  private static final LogicalAxisRules RULES = DefaultRules.rules();

  private static Assignment assign(Mesh mesh, Shape shape, String... axes) {
    return RULES.assign(LogicalAxes.of(axes), shape, mesh);
  }

  @Test
  void axesOfSizeOneDisappear() {
    Mesh mesh = new Mesh(MeshAxis.ALL, List.of(1, 2, 1, 4, 1, 1, 1, 1, 2, 1, 1, 1));
    assertThat(assign(mesh, Shape.of(16, 32), "embed", "mlp").spec())
        .isEqualTo(PartitionSpec.of("fsdp", "tensor"));
    assertThat(
            assign(
                    mesh,
                    Shape.of(8, 64, 16),
                    "activation_batch",
                    "activation_norm_length",
                    "activation_embed")
                .spec())
        .isEqualTo(PartitionSpec.of("data+fsdp", "", "tensor"));
    assertThat(assign(mesh, Shape.of(4, 16, 32), "layers", "", "vocab").spec())
        .isEqualTo(PartitionSpec.of("", "", "tensor"));
  }

  @Test
  void fallsBackWhereAnotherDimHasAnAxis() {
    Mesh mesh = Mesh.of("fsdp", 2, "fsdp_transpose", 2);
    assertThat(assign(mesh, Shape.of(16, 32), "embed", "mlp").spec())
        .as("mlp comes first in the table; embed takes its second row")
        .isEqualTo(PartitionSpec.of("fsdp", "fsdp_transpose"));
    assertThat(assign(mesh, Shape.of(16, 32), "embed", "q_heads").spec())
        .isEqualTo(PartitionSpec.of("fsdp+fsdp_transpose", ""));
  }

  @Test
  void whatDoesNotDivideIsLeftOutAndReported() {
    Mesh mesh = Mesh.of("fsdp", 2, "tensor", 4);
    Assignment found = assign(mesh, Shape.of(16, 2, 8), "embed", "kv_heads", "kv_head_dim");
    assertThat(found.spec()).isEqualTo(PartitionSpec.of("fsdp", "", ""));
    assertThat(found.dropped()).hasSize(1);
    assertThat(found.dropped().getFirst())
        .hasToString(
            "(embed, kv_heads, kv_head_dim) [16, 2, 8]: dim 1 (kv_heads) is not cut along tensor,"
                + " whose 4 devices do not divide 2");
    Assignment minor =
        assign(Mesh.of("data", 2, "fsdp", 4), Shape.of(6, 8), "activation_batch", "");
    assertThat(minor.spec()).isEqualTo(PartitionSpec.of("data", ""));
    assertThat(minor.dropped()).hasSize(1);
  }

  @Test
  void anAxisLeftOutIsNotGivenToAnotherDim() {
    assertThat(
            assign(
                    Mesh.of("tensor", 4),
                    Shape.of(1, 1, 2, 8),
                    "activation_batch",
                    "activation_length",
                    "activation_kv_heads",
                    "activation_kv_head_dim")
                .spec()
                .isReplicated())
        .isTrue();
  }

  @Test
  void unknownNamesAreErrors() {
    assertThatThrownBy(() -> assign(Mesh.of("fsdp", 2), Shape.of(4), "embeded"))
        .isInstanceOf(ShardingException.class)
        .hasMessageContaining("no row for embeded of a tensor (embeded)");
  }
}
