package jaxon.checkpoint.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import java.util.stream.Stream;
import jaxon.config.Configuration;
import jaxon.graph.type.DType;
import jaxon.layers.Configs;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The whole `config.json` that is written for a configuration of each kind of Llama, as the
/// transformers library (version 4) saves it, less `transformers_version`.
class LlamaConfigWriterTest {
  private static final JsonMapper JSON = new JsonMapper();

  private static final String COMMON =
      """
      {
        "architectures": ["LlamaForCausalLM"],
        "attention_bias": false,
        "attention_dropout": 0.0,
        "hidden_act": "silu",
        "initializer_range": 0.02,
        "mlp_bias": false,
        "model_type": "llama",
        "pretraining_tp": 1,
        "rms_norm_eps": 1e-05,
        "rope_scaling": null,
        "tie_word_embeddings": false,
        "torch_dtype": "bfloat16",
        "use_cache": true
      }
      """;

  /// What a model's name, its begin and its end token add to that.
  static Stream<Arguments> models() {
    String llama31 =
        """
        {"vocab_size": 128256, "num_attention_heads": 32, "num_key_value_heads": 8,
         "max_position_embeddings": 131072, "rope_theta": 500000.0,
         "rope_scaling": {"factor": %s, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
          "original_max_position_embeddings": 8192, "rope_type": "llama3"}, %s}
        """;
    return Stream.of(
        Arguments.of(
            "llama2-7b",
            1,
            2,
            """
            {"vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 11008,
             "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 32,
             "head_dim": 128, "max_position_embeddings": 4096, "rope_theta": 10000.0}
            """),
        Arguments.of(
            "llama2-70b",
            1,
            2,
            """
            {"vocab_size": 32000, "hidden_size": 8192, "intermediate_size": 28672,
             "num_hidden_layers": 80, "num_attention_heads": 64, "num_key_value_heads": 8,
             "head_dim": 128, "max_position_embeddings": 4096, "rope_theta": 10000.0}
            """),
        Arguments.of(
            "llama3-8b",
            128_000,
            128_001,
            """
            {"vocab_size": 128256, "hidden_size": 4096, "intermediate_size": 14336,
             "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
             "head_dim": 128, "max_position_embeddings": 8192, "rope_theta": 500000.0}
            """),
        Arguments.of(
            "llama3.1-8b",
            128_000,
            128_001,
            llama31.formatted(
                "8.0",
                "\"hidden_size\": 4096, \"intermediate_size\": 14336, \"num_hidden_layers\": 32,"
                    + " \"head_dim\": 128")),
        Arguments.of(
            "llama3.2-1b",
            128_000,
            128_001,
            llama31.formatted(
                "32.0",
                "\"hidden_size\": 2048, \"intermediate_size\": 8192, \"num_hidden_layers\": 16,"
                    + " \"head_dim\": 64, \"tie_word_embeddings\": true")));
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyFieldIsTheLibrarys(String name, int bos, int eos, String fields) {
    Configuration config = Configs.model(name);
    ModelFacts facts =
        new ModelFacts(
            DType.BF16,
            config.rope().maxPositionEmbeddings(),
            OptionalInt.of(bos),
            OptionalInt.of(eos));
    ObjectNode expected = (ObjectNode) JSON.readTree(COMMON);
    expected.put("bos_token_id", bos).put("eos_token_id", eos);
    JSON.readTree(fields)
        .properties()
        .forEach(entry -> expected.set(entry.getKey(), entry.getValue()));
    JsonNode found = LlamaConfigWriter.write(LlamaConfig.of(config), facts);
    assertThat(JSON.readTree(JSON.writeValueAsString(found))).isEqualTo(expected);
  }
}
