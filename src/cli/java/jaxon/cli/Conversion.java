package jaxon.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jaxon.checkpoint.Checkpoint;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.CheckpointPath;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.huggingface.ModelFacts;
import jaxon.checkpoint.huggingface.RepositoryOrigin;
import jaxon.checkpoint.huggingface.RepositoryWriter;
import jaxon.checkpoint.model.CheckpointModel;
import jaxon.checkpoint.model.ParameterCheckpoint;
import jaxon.checkpoint.model.RepositoryModel;
import jaxon.checkpoint.model.StoredModel;
import jaxon.checkpoint.tensor.ConvertedSource;
import jaxon.config.ConfigWriter;
import jaxon.config.Configuration;
import jaxon.config.Place;
import jaxon.config.TokenizerConfig;
import jaxon.graph.type.DType;
import jaxon.input.InputPipeline;
import jaxon.input.tokenizer.Tokenizer;
import jaxon.trainer.JaxonVersion;

/// A model that is to be written in another form.
///
/// @param overrides settings that replace the model's, such as `scan_layers`
/// @param dtype element type to convert to; without one they stay as they are
/// @param shardBytes most bytes of a file of a repository
record Conversion(
    StoredModel model, ConfigOverrides overrides, Optional<DType> dtype, long shardBytes) {

  /// Writes a checkpoint where `target` is named by a step, otherwise a repository.
  ///
  /// @return what was written, in words
  ///
  /// @throws CheckpointException if a repository is to be written elsewhere than on this machine
  String write(Place target) {
    if (CheckpointPath.isNamed(target)) {
      return checkpoint(target);
    }
    Path directory =
        target
            .local()
            .orElseThrow(() ->
                CheckpointException.usage(
                    "%s: Hugging Face repositories are written to directories of this machine only; a checkpoint's name ends in a step, for example %s/0"
                        .formatted(target, target)));
    switch (model) {
      case RepositoryModel repository -> again(repository, directory);
      case CheckpointModel _ -> repository(directory);
    }
    return "the Hugging Face repository " + target;
  }

  private String checkpoint(Place target) {
    Configuration config = config();
    requireTokenizer(config.tokenizer());
    Checkpoint.Facts none = Checkpoint.Facts.of(JaxonVersion.get(), System.currentTimeMillis());
    Checkpoint.Facts facts =
        new Checkpoint.Facts(
            none.jaxonVersion(),
            none.createdMillis(),
            none.mesh(),
            none.seeds(),
            RepositoryOrigin.with(ConfigWriter.values(config), origin()),
            none.input(),
            none.metrics());
    ParameterCheckpoint.write(target, parameters(config), facts);
    return "the checkpoint " + target;
  }

  private Optional<RepositoryOrigin> origin() {
    return model.origin().map(repository -> dtype.map(repository::withDType).orElse(repository));
  }

  /// Layers stay apart, because they may differ in their element types.
  private void again(RepositoryModel repository, Path target) {
    List<String> settings = new ArrayList<>(repository.settings());
    settings.addAll(repository.tokenizer());
    settings.addAll(overrides.values());
    settings.add("scan_layers=false");
    Configuration config = overrides.loadDefaults(settings);
    requireTokenizer(config.tokenizer());
    RepositoryWriter.rewrite(target, repository.repository(), config, dtype, shardBytes);
  }

  private void repository(Path target) {
    Configuration config = config();
    TensorSource parameters = parameters(config);
    DType stored = parameters.tensors().firstEntry().getValue().dtype();
    try (Tokenizer tokenizer = open(config.tokenizer())) {
      int named = config.rope().maxPositionEmbeddings();
      int positions = named == 0 ? config.data().maxTargetLength() : named;
      ModelFacts facts = new ModelFacts(stored, positions, tokenizer.bosId(), tokenizer.eosId());
      RepositoryWriter.write(
          target, parameters, config, facts, origin(), directory(config.tokenizer()), shardBytes);
    }
  }

  private Configuration config() {
    List<String> settings = new ArrayList<>(model.settings());
    settings.addAll(model.tokenizer());
    return overrides.loadOver(settings);
  }

  private TensorSource parameters(Configuration config) {
    return ConvertedSource.of(model.parameters(config), dtype);
  }

  /// A tokenizer that nobody can load is not passed on.
  private static void requireTokenizer(TokenizerConfig config) {
    open(config).close();
  }

  private static Tokenizer open(TokenizerConfig config) {
    String path = config.tokenizerPath().map(Path::toString).orElse("");
    return InputPipeline.openTokenizer(config.tokenizerType(), path);
  }

  /// Where a tokenizer's files are.
  private static Optional<Path> directory(TokenizerConfig config) {
    return config
        .tokenizerPath()
        .map(path -> Files.isDirectory(path) ? path : path.toAbsolutePath().getParent());
  }
}
