package jaxon.checkpoint.model;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.CheckpointPath;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.huggingface.HuggingFaceModel;
import jaxon.checkpoint.huggingface.RepositoryOrigin;
import jaxon.config.Configuration;
import jaxon.config.Place;

/// A model on disk.
public sealed interface StoredModel extends AutoCloseable permits CheckpointModel, RepositoryModel {
  /// Opens what `place` means: a checkpoint, the newest readable one of a directory of checkpoints
  /// or of a run, or a Hugging Face repository.
  ///
  /// @throws CheckpointException if there is none of these, or it cannot be read
  static StoredModel open(Place place) {
    if (place.local().filter(HuggingFaceModel::isAt).isPresent()) {
      return new RepositoryModel(HuggingFaceModel.open(place.path()));
    }
    return CheckpointPath.find(place)
        .map(CheckpointModel::open)
        .orElseThrow(() ->
            CheckpointException.usage(
                "%s %s; give a checkpoint, a directory of checkpoints, a run's directory or a Hugging Face repository"
                    .formatted(place, whyNone(place))));
  }

  private static String whyNone(Place place) {
    if (place.local().isEmpty()) {
      return "holds no checkpoint, and Hugging Face repositories are read from directories of this machine only";
    }
    return Files.exists(place.path())
        ? "holds no model: no checkpoint, and it has no config.json"
        : "does not exist";
  }

  /// Which model it is, for a sentence that goes on after "from".
  String description();

  /// Settings `key=value` of a configuration that make the model, as far as they are known.
  List<String> settings();

  /// Settings of a configuration that make its tokenizer; none if it has none.
  List<String> tokenizer();

  /// The Hugging Face repository that the model comes from, if it is known.
  Optional<RepositoryOrigin> origin();

  /// The parameters of a configured model by path in the tree, in the types that they are stored
  /// in; open as long as this is.
  ///
  /// @throws CheckpointException if they are those of another model
  TensorSource parameters(Configuration config);

  @Override
  void close();
}
