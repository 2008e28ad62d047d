package jaxon.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.model.StoredModel;
import jaxon.checkpoint.tensor.ConvertedSource;
import jaxon.checkpoint.tensor.DeviceBlocks;
import jaxon.config.Configuration;
import jaxon.config.TokenizerType;
import jaxon.inference.ParameterSource;

/// What text is made with: a configuration, and the stored model whose parameters it names.
///
/// @param model empty where the configuration names none, for the initial parameters
record DecodeParameters(Configuration config, Optional<StoredModel> model)
    implements AutoCloseable {
  private static final String TOKENIZER_TYPE = "tokenizer_type=";

  /// Opens what the command line names. Without a file of its own, the configuration is the stored
  /// model's; with one that names no tokenizer, only the tokenizer is.
  ///
  /// @param file the name of a configuration
  static DecodeParameters open(Optional<String> file, ConfigOverrides overrides) {
    Configuration given = file.map(overrides::load).orElseGet(overrides::loadDefaults);
    Optional<StoredModel> model = given.checkpoint().loadParametersPath().map(StoredModel::open);
    try {
      return new DecodeParameters(
          model.map(stored -> config(file, overrides, given, stored)).orElse(given), model);
    } catch (RuntimeException | Error e) {
      model.ifPresent(StoredModel::close);
      throw e;
    }
  }

  private static Configuration config(
      Optional<String> file, ConfigOverrides overrides, Configuration given, StoredModel stored) {
    if (file.isEmpty()) {
      List<String> settings = new ArrayList<>(stored.settings());
      settings.addAll(stored.tokenizer());
      return overrides.loadOver(settings);
    }
    boolean isNamed =
        given.tokenizer().tokenizerType() != TokenizerType.BYTE
            || overrides.values().stream().anyMatch(value -> value.contains(TOKENIZER_TYPE));
    if (isNamed) {
      return given;
    }
    List<String> values = new ArrayList<>(stored.tokenizer());
    values.addAll(overrides.values());
    return overrides.load(file.get(), values);
  }

  /// The stored parameters; open as long as this is.
  Optional<ParameterSource> source() {
    return model.map(stored -> source(stored.parameters(config)));
  }

  private static ParameterSource source(TensorSource parameters) {
    return (path, type) -> DeviceBlocks.of(new ConvertedSource(parameters, type.dtype()), path);
  }

  @Override
  public void close() {
    model.ifPresent(StoredModel::close);
  }
}
