package jaxon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContradictionsTest {

  @TempDir Path root;
  private Sandbox sandbox;

  @BeforeEach
  void makeSandbox() throws IOException {
    sandbox = Sandbox.in(root);
  }

  @ParameterizedTest
  @CsvSource({
    "num_processes=2, coordinator=10.0.0.1:29500",
    "coordinator=10.0.0.1 num_processes=2, coordinator=10.0.0.1:29500",
    "coordinator=host:1 process_id=2 num_processes=2, process_id=1",
    "base_num_query_heads=6 base_num_kv_heads=4, base_num_kv_heads=2",
    "global_parameter_scale=6, global_parameter_scale=8",
    "head_dim=33, head_dim=34",
    "rope_min_timescale=10 rope_max_timescale=5, rope_max_timescale=10",
    "rope_type=llama3.1 rope_low_freq_factor=4, rope_type=default",
    "dataset_type=text, dataset_path=x",
    "dataset_type=jsonl, dataset_path=x",
    "dataset_type=parquet, dataset_path=x",
    "tokenizer_type=huggingface, tokenizer_path=x",
    "'dataset_type=jsonl dataset_path=x train_data_columns=[a,b]', train_data_columns=[a]",
    "dataset_type=text dataset_path=x vocab_size=258, vocab_size=259",
    "lr_schedule_type=wsd warmup_steps_fraction=0.95, lr_schedule_type=cosine",
    "dataset_type=text dataset_path=x eval_interval=5, eval_split_fraction=0.1",
    "dataset_type=text dataset_path=x eval_interval=5, eval_dataset_path=y",
    "eval_interval=5, eval_steps=1",
    "target_eval_loss=2, eval_interval=5 eval_steps=1",
    "decode_sampling_strategy=weighted decode_sampling_temperature=0, decode_sampling_temperature=1",
    "decode_sampling_strategy=topk, decode_sampling_top_k=5",
    "decode_sampling_strategy=nucleus, decode_sampling_nucleus_p=0.9",
    "decode_sampling_strategy=composite decode_sampling_top_k=5, decode_sampling_nucleus_p=0.9",
    "max_prefill_predict_length=64 max_target_length=64, max_prefill_predict_length=63",
    "keep_checkpoints_best=2, max_num_checkpoints_to_keep=3",
    "enable_emergency_checkpoint=true local_checkpoint_period=5, local_checkpoint_directory=x",
    "enable_emergency_checkpoint=true local_checkpoint_directory=x, local_checkpoint_period=5",
    "enable_emergency_checkpoint=true local_checkpoint_directory=x local_checkpoint_period=5 enable_checkpointing=false, enable_checkpointing=true"
  })
  void oneProblemUntilItIsMended(String contradiction, String remedy) {
    String[] bad = contradiction.split(" ");
    String[] good = (contradiction + " " + remedy).split(" ");

    assertThat(sandbox.problemsOfDefaults(bad)).hasSize(1);
    assertThat(sandbox.defaults(good)).isNotNull();
  }

  @Test
  void bothKeysAreToldWithTheirOrigins() throws IOException {
    sandbox.write("a.yml", "\nbase_num_query_heads: 6\n");

    assertThat(sandbox.problems("a", "base_num_kv_heads=4"))
        .singleElement()
        .hasToString(
            "base_num_query_heads=6, base_num_kv_heads=4 (a.yml:2, command line): each key and"
                + " value head must serve the same number of query heads\n"
                + "Make base_num_query_heads a multiple of base_num_kv_heads.");
  }

  @Test
  void aDefaultIsCalledSo() {
    assertThat(sandbox.problemsOfDefaults("dataset_type=text").getFirst().origin())
        .isEqualTo("command line, default");
  }

  @Test
  void aRefusedValueContradictsNothing() {
    assertThat(sandbox.problemsOfDefaults("base_num_kv_heads=0", "base_num_query_heads=3"))
        .extracting(Problem::subject)
        .containsExactly("base_num_kv_heads");
  }
}
