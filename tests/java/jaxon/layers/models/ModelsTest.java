package jaxon.layers.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jaxon.graph.Equation;
import jaxon.graph.Graph;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import jaxon.layers.Configs;
import jaxon.layers.Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelsTest {
  static List<String> models() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../configs/models"))) {
      return files.map(file -> file.getFileName().toString().replace(".yml", "")).sorted().toList();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "llama2-7b, 6738415616",
    "llama2-13b, 13015864320",
    "llama2-70b, 68976648192",
    "llama3-8b, 8030261248",
    "llama3-70b, 70553706496",
    "llama3.1-8b, 8030261248",
    "llama3.1-70b, 70553706496",
    "llama3.1-405b, 405853388800",
    "llama3.2-1b, 1235814400",
    "llama3.2-3b, 3212749824",
  })
  void hasThePublishedNumberOfParameters(String name, long parameters) {
    assertThat(Parameters.count(Models.init(Configs.model(name)).template())).isEqualTo(parameters);
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyParameterHasOneAxisPerDimAndTheWeightType(String name) {
    InitializedModel model = Models.init(Configs.model(name));

    List<TensorType> types = model.program().graph().outputTypes();
    assertThat(model.axes()).hasSameSizeAs(types);
    for (int i = 0; i < types.size(); i++) {
      assertThat(model.axes().get(i).names()).hasSize(types.get(i).shape().rank());
      assertThat(types.get(i).dtype()).isEqualTo(DType.F32);
    }
  }

  @Test
  void scannedParametersHaveTheirShapesAndAxes() {
    InitializedModel model = Models.init(Configs.model("llama3-8b", "attention_bias=true"));

    assertThat(described(model))
        .containsExactly(
            "tokenEmbedder.embedding [128256, 4096] (vocab, embed_vocab)",
            "layers.stacked.preSelfAttentionLayerNorm.scale [32, 4096] (layers, norm)",
            "layers.stacked.selfAttention.query.kernel [32, 4096, 32, 128] (layers, embed, q_heads, kv)",
            "layers.stacked.selfAttention.query.bias [32, 32, 128] (layers, q_heads, kv)",
            "layers.stacked.selfAttention.key.kernel [32, 4096, 8, 128] (layers, embed, kv_heads, kv_head_dim)",
            "layers.stacked.selfAttention.key.bias [32, 8, 128] (layers, kv_heads, kv_head_dim)",
            "layers.stacked.selfAttention.value.kernel [32, 4096, 8, 128] (layers, embed, kv_heads, kv_head_dim)",
            "layers.stacked.selfAttention.value.bias [32, 8, 128] (layers, kv_heads, kv_head_dim)",
            "layers.stacked.selfAttention.out.kernel [32, 32, 128, 4096] (layers, heads, kv, embed)",
            "layers.stacked.postSelfAttentionLayerNorm.scale [32, 4096] (layers, norm)",
            "layers.stacked.mlp.wi.0.kernel [32, 4096, 14336] (layers, embed, mlp)",
            "layers.stacked.mlp.wi.1.kernel [32, 4096, 14336] (layers, embed, mlp)",
            "layers.stacked.mlp.wo.kernel [32, 14336, 4096] (layers, mlp, embed)",
            "decoderNorm.scale [4096] (norm)",
            "logitsDense.kernel [4096, 128256] (embed_vocab, vocab)");
  }

  @Test
  void unrolledParametersAreThoseOfEachLayer() {
    InitializedModel model = Models.init(Configs.model("llama3.1-tiny", "scan_layers=false"));

    assertThat(described(model))
        .hasSize(1 + 2 * 9 + 1)
        .contains(
            "layers.layers.0.mlp.wo.kernel [128, 64] (mlp, embed)",
            "layers.layers.1.selfAttention.out.kernel [4, 16, 64] (heads, kv, embed)")
        .noneMatch(line -> line.contains("logitsDense"));
  }

  @Test
  void unrolledModelHasAsManyParameters() {
    long scanned = Parameters.count(Models.init(Configs.tiny()).template());

    assertThat(Parameters.count(Models.init(Configs.tiny("scan_layers=false")).template()))
        .isEqualTo(scanned);
  }

  @Test
  void weightsHaveTheConfiguredType() {
    InitializedModel model = Models.init(Configs.tiny("weight_dtype=bfloat16"));

    assertThat(model.program().graph().outputTypes()).allMatch(type -> type.dtype() == DType.BF16);
  }

  @Test
  void scannedInitProgramDoesNotGrowWithTheNumberOfLayers() {
    long few = equations(Models.init(Configs.tiny("base_num_decoder_layers=2")).program().graph());
    long many =
        equations(Models.init(Configs.tiny("base_num_decoder_layers=126")).program().graph());

    assertThat(many).isEqualTo(few);
  }

  private static List<String> described(InitializedModel model) {
    List<String> lines =
        Tree.leavesByPath(model.template()).entrySet().stream()
            .map(leaf -> leaf.getKey() + " " + leaf.getValue().shape())
            .toList();
    List<LogicalAxes> axes = List.copyOf(model.axesByPath().values());
    return Stream.iterate(0, i -> i < lines.size(), i -> i + 1)
        .map(i -> lines.get(i) + " " + axes.get(i))
        .toList();
  }

  private static long equations(Graph graph) {
    long count = 0;
    for (Equation equation : graph.equations()) {
      count += 1 + equation.regions().stream().mapToLong(ModelsTest::equations).sum();
    }
    return count;
  }
}
