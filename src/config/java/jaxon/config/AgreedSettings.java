package jaxon.config;

import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What all processes of a run must have set alike.
public final class AgreedSettings {

  /// What belongs to a process or its host, and does not change what is computed.
  private static final Set<String> OWN =
      Set.of(
          "process_id",
          "network_interface",
          "num_threads",
          "jax_cache_dir",
          "dump_to",
          "base_output_directory",
          "local_checkpoint_directory",
          "dataset_path",
          "eval_dataset_path",
          "tokenizer_path",
          "load_parameters_path",
          "load_full_state_path");

  private AgreedSettings() {}

  /// The values, as YAML, of all keys but those that may differ between processes: their number,
  /// network, threads, and directories, which hosts may have in other places.
  public static SortedMap<String, String> of(Configuration configuration) {
    SortedMap<String, String> agreed = new TreeMap<>();
    Schema.values(configuration)
        .forEach((key, value) -> {
          if (!OWN.contains(key)) {
            agreed.put(key, YamlText.of(value));
          }
        });
    return agreed;
  }
}
