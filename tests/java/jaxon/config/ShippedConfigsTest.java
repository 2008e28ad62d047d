package jaxon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every file below configs/ loads as it is.
class ShippedConfigsTest {

  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final Path CONFIGS = PROJECT.resolve("configs");

  static List<String> files() {
    return ConfigFinder.available(CONFIGS);
  }

  static List<String> models() {
    return ConfigFinder.available(CONFIGS.resolve("models"));
  }

  @ParameterizedTest
  @MethodSource("files")
  void loadsFromAnywhere(String name) {
    Configuration config = new ConfigLoader(Path.of("/"), CONFIGS, Map.of()).load(name, List.of());

    assertThat(config.data().datasetPath().orElseThrow()).startsWithRaw(PROJECT);
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyModelLoadsOverBase(String name) {
    Configuration config = load("base", "model_name=" + name);

    assertThat(config.model().modelName()).isEqualTo(name);
    assertThat(config.model().vocabSize()).isGreaterThanOrEqualTo(259);
  }

  @Test
  void benchmarkModelsHaveTheirSizes() {
    Configuration a = load("bench/model_a.yml");
    assertThat(a.sequencesPerUpdate() * a.data().maxTargetLength()).isEqualTo(8 * 512);
    assertThat(a.model().vocabSize()).isEqualTo(32_000);
    assertThat(a.run().dtype()).isEqualTo(FloatType.BFLOAT16);
    Configuration b = load("bench/model_b.yml", "dtype=float32");
    assertThat(b.sequencesPerUpdate() * b.data().maxTargetLength()).isEqualTo(4 * 1024);
    assertThat(b.run().dtype()).isEqualTo(FloatType.FLOAT32);
    assertThat(parametersOf(a)).isEqualTo(58_466_816L);
    assertThat(parametersOf(b)).isEqualTo(134_105_856L);
  }

  @Test
  void thereAreFiles() {
    assertThat(files()).contains("base", "tinyshakespeare");
    assertThat(models()).hasSize(12);
  }

  @Test
  void baseHasThreeProblemsForThreeMistakes() {
    assertThat(
            catchThrowableOfType(
                    ConfigException.class,
                    () -> load("base.yml", "lerning_rate=1", "steps=-3", "foo=2"))
                .problems())
        .extracting(Problem::subject)
        .containsExactly("lerning_rate", "steps", "foo");
  }

  @Test
  void baseTrainsOnTheProjectItself() {
    Configuration config = load("base");

    assertThat(config.data().datasetPath()).contains(PROJECT);
    assertThat(config.run().dtype()).isEqualTo(FloatType.FLOAT32);
  }

  /// Published numbers of parameters: norms, embeddings and biases counted, as the model cards do.
  @Test
  void modelsHaveThePublishedSize() {
    assertThat(parameters("llama2-7b")).isEqualTo(6_738_415_616L);
    assertThat(parameters("llama2-13b")).isEqualTo(13_015_864_320L);
    assertThat(parameters("llama2-70b")).isEqualTo(68_976_648_192L);
    assertThat(parameters("llama3-8b")).isEqualTo(8_030_261_248L);
    assertThat(parameters("llama3.1-70b")).isEqualTo(70_553_706_496L);
    assertThat(parameters("llama3.1-405b")).isEqualTo(405_853_388_800L);
    assertThat(parameters("llama3.2-1b")).isEqualTo(1_235_814_400L);
    assertThat(parameters("llama3.2-3b")).isEqualTo(3_212_749_824L);
  }

  private static long parameters(String name) {
    return parametersOf(load("base", "model_name=" + name));
  }

  private static long parametersOf(Configuration config) {
    ModelConfig model = config.model();
    long width = model.embDim();
    long queries = Math.multiplyFull(model.numQueryHeads(), model.headDim());
    long keys = Math.multiplyFull(model.numKvHeads(), model.headDim());
    long layer = 2 * width * (queries + keys) + 3 * width * model.mlpDim() + 2 * width;
    long tables = (model.logitsViaEmbedding() ? 1 : 2) * width * model.vocabSize();
    return model.numDecoderLayers() * layer + tables + width;
  }

  private static Configuration load(String name, String... overrides) {
    return new ConfigLoader(PROJECT, CONFIGS, Map.of()).load(name, List.of(overrides));
  }
}
