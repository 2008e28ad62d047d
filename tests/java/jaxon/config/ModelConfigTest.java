package jaxon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelConfigTest {

  /// MaxText's rule: doublings go in turn to heads and MLP, to the width, to the layers.
  @ParameterizedTest
  @CsvSource({
    // scale, width, query heads, kv heads, mlp, layers
    "1,   64,  4,  2, 128,  3",
    "2,   64,  8,  4, 256,  3",
    "4,  128,  8,  4, 256,  3",
    "8,  128,  8,  4, 256,  6",
    "16, 128, 16,  8, 512,  6",
    "64, 256, 16,  8, 512, 12"
  })
  void scalesTheDims(int scale, int width, int heads, int kvHeads, int mlp, int layers) {
    ModelConfig model = model(scale);

    assertThat(model.embDim()).isEqualTo(width);
    assertThat(model.numQueryHeads()).isEqualTo(heads);
    assertThat(model.numKvHeads()).isEqualTo(kvHeads);
    assertThat(model.mlpDim()).isEqualTo(mlp);
    assertThat(model.numDecoderLayers()).isEqualTo(layers);
  }

  @Test
  void keepsItsListUnchangeable() {
    List<Activation> activations = model(1).mlpActivations();

    assertThat(activations).isUnmodifiable();
  }

  private static ModelConfig model(int scale) {
    return new ConfigLoader(Path.of(""), Path.of("configs"), Map.of())
        .loadDefaults(
            List.of(
                "base_emb_dim=64",
                "base_num_query_heads=4",
                "base_num_kv_heads=2",
                "base_mlp_dim=128",
                "base_num_decoder_layers=3",
                "global_parameter_scale=" + scale))
        .model();
  }
}
