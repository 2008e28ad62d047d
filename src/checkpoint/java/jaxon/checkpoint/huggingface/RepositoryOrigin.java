package jaxon.checkpoint.huggingface;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.safetensors.BoundedJson;
import jaxon.config.Configuration;
import jaxon.graph.type.DType;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The repository that a model comes from, as a checkpoint remembers it: what its `config.json`
/// says beyond the model, and where its other files were.
///
/// @param config the object of `config.json`
public record RepositoryOrigin(Path directory, ConfigFile config) {
  private static final String DIRECTORY = "huggingface_directory";
  private static final String CONFIG = "huggingface_config";
  private static final JsonMapper JSON = new JsonMapper();

  /// The origin that a checkpoint's configuration tells, if it does.
  ///
  /// @throws CheckpointException if it is damaged
  public static Optional<RepositoryOrigin> of(Map<String, String> configuration) {
    String directory = configuration.get(DIRECTORY);
    String config = configuration.get(CONFIG);
    if (directory == null || config == null) {
      return Optional.empty();
    }
    String what = "the checkpoint's " + CONFIG;
    try {
      return Optional.of(
          new RepositoryOrigin(
              Path.of(directory), new ConfigFile(what, BoundedJson.object(what, config))));
    } catch (InvalidPathException e) {
      throw CheckpointException.usage(
          "the checkpoint's %s is no path: %s".formatted(DIRECTORY, BoundedJson.shown(directory)),
          e);
    }
  }

  /// A checkpoint's configuration that tells `origin` beside the values of the keys.
  public static SequencedMap<String, String> with(
      Map<String, String> values, Optional<RepositoryOrigin> origin) {
    SequencedMap<String, String> all = new LinkedHashMap<>(values);
    origin.ifPresent(repository -> {
      all.put(DIRECTORY, repository.directory.toString());
      all.put(CONFIG, JSON.writeValueAsString(repository.config.root()));
    });
    return all;
  }

  /// The origin of the same weights in another element type.
  public RepositoryOrigin withDType(DType dtype) {
    ObjectNode changed = LlamaConfigWriter.withDType(config, dtype);
    return new RepositoryOrigin(directory, new ConfigFile(config.place(), changed));
  }

  /// The `config.json` of a configured model, if it is still the repository's.
  Optional<ObjectNode> configFor(Configuration configuration) {
    if (!LlamaConfig.read(config).equals(LlamaConfig.of(configuration))) {
      return Optional.empty();
    }
    ObjectNode json = config.copy();
    int positions = configuration.rope().maxPositionEmbeddings();
    if (positions > 0) {
      json.put(ModelFacts.MAX_POSITIONS, positions);
    }
    return Optional.of(json);
  }
}
