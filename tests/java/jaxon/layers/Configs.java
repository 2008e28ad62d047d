package jaxon.layers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jaxon.config.ConfigLoader;
import jaxon.config.Configuration;

/// Configurations for tests of layers.
public final class Configs {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

  private Configs() {}

  /// The file of a model over the defaults, with overrides.
  public static Configuration model(String name, String... overrides) {
    List<String> all = new ArrayList<>(List.of("model_name=" + name, "override_model_config=true"));
    all.addAll(List.of(overrides));
    return load(all);
  }

  /// A model that the interpreter runs in milliseconds, with overrides.
  public static Configuration tiny(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "dtype=float32",
                "vocab_size=11",
                "base_num_decoder_layers=3",
                "base_emb_dim=8",
                "base_num_query_heads=4",
                "base_num_kv_heads=2",
                "head_dim=4",
                "base_mlp_dim=12",
                "remat_policy=none"));
    for (String override : overrides) {
      String key = override.substring(0, override.indexOf('=') + 1);
      all.removeIf(setting -> setting.startsWith(key));
      all.add(override);
    }
    return load(all);
  }

  private static Configuration load(List<String> overrides) {
    return new ConfigLoader(PROJECT, PROJECT.resolve("configs"), Map.of()).loadDefaults(overrides);
  }
}
