package jaxon.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class AxisSizesTest {
  private static SequencedMap<String, Integer> sizes(Object... pairs) {
    SequencedMap<String, Integer> sizes = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      sizes.put((String) pairs[i], (Integer) pairs[i + 1]);
    }
    return sizes;
  }

  @Test
  void oneMinusOneOnEachLevelTakesTheRest() {
    AxisSizes sizes = new AxisSizes(sizes("fsdp", -1, "tensor", 2), sizes("data", -1));
    Mesh mesh = sizes.mesh(MeshAxis.ALL, 8, 3);
    assertThat(mesh.size("data")).isEqualTo(3);
    assertThat(mesh.size("fsdp")).isEqualTo(4);
    assertThat(mesh.size("tensor")).isEqualTo(2);
    assertThat(mesh.devices()).isEqualTo(24);
    assertThat(mesh.axes()).isEqualTo(MeshAxis.ALL);
  }

  @Test
  void anAxisHasTheProductOfBothLevels() {
    AxisSizes sizes = new AxisSizes(sizes("data", 2), sizes("data", 3));
    assertThat(sizes.mesh(MeshAxis.ALL, 2, 3).size("data")).isEqualTo(6);
  }

  @Test
  void saysWhatDoesNotMultiply() {
    assertRefused(
        sizes("fsdp", 3, "tensor", 2),
        "ici_fsdp_parallelism=3 ici_tensor_parallelism=2 multiply to 6, but there are 8 devices");
    assertRefused(
        sizes("fsdp", -1, "tensor", 3),
        "multiply to 3 without the -1, which must divide, but there are 8 devices");
    assertRefused(sizes("fsdp", -1, "data", -1), "only one ici size may be -1");
    assertRefused(sizes("fsdp", 0), "sizes are at least 1");
    assertRefused(sizes(), "the ici sizes (all 1) multiply to 1, but there are 8 devices");
    assertRefused(sizes("rows", 8), "axis rows has size 8 but is not among mesh_axes");
  }

  private static void assertRefused(SequencedMap<String, Integer> ici, String message) {
    assertThatThrownBy(() -> new AxisSizes(ici, sizes("data", -1)).mesh(MeshAxis.ALL, 8, 1))
        .isInstanceOf(ShardingException.class)
        .hasMessageContaining(message);
  }

  @Test
  void meshAxesAreThoseOfMaxText() {
    assertThat(MeshAxis.ALL)
        .startsWith("diloco", "data", "stage", "fsdp")
        .endsWith("tensor_sequence", "expert", "autoregressive")
        .isEqualTo(List.copyOf(MeshAxis.ALL))
        .hasSize(12);
  }
}
