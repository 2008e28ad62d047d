package jaxon.checkpoint.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.huggingface.HuggingFaceModel;
import jaxon.checkpoint.huggingface.RepositoryOrigin;
import jaxon.config.Configuration;

/// A model in a Hugging Face repository.
public record RepositoryModel(HuggingFaceModel repository) implements StoredModel {
  @Override
  public String description() {
    return "the Hugging Face repository " + repository.directory();
  }

  @Override
  public List<String> settings() {
    return repository.settings();
  }

  @Override
  public List<String> tokenizer() {
    Path file = repository.directory().resolve("tokenizer.json").toAbsolutePath();
    return Files.exists(file)
        ? List.of("tokenizer_type=huggingface", "tokenizer_path=" + file)
        : List.of();
  }

  @Override
  public Optional<RepositoryOrigin> origin() {
    return Optional.of(repository.origin());
  }

  @Override
  public TensorSource parameters(Configuration config) {
    return repository.parameters(config);
  }

  @Override
  public void close() {
    repository.close();
  }
}
