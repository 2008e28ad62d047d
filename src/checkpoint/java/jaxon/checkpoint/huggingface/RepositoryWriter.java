package jaxon.checkpoint.huggingface;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.safetensors.BoundedJson;
import jaxon.checkpoint.safetensors.ModelFiles;
import jaxon.checkpoint.safetensors.SafetensorsWriter;
import jaxon.checkpoint.safetensors.SyncedFiles;
import jaxon.checkpoint.tensor.ConvertedSource;
import jaxon.config.Configuration;
import jaxon.graph.type.DType;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes a model as a directory in the form of a Hugging Face repository.
///
/// The directory appears under its name when all of it is on the disk; until then it has the name
/// with `.partial` at its end.
public final class RepositoryWriter {
  /// Most bytes of a shard where nothing else is said, as in the transformers library.
  public static final long DEFAULT_SHARD_BYTES = 5_000_000_000L;

  private static final int MOST_COMPANION_BYTES = 256 << 20;

  private static final String GENERATION = "generation_config.json";

  /// What a repository has beside the weights and their configuration.
  private static final List<String> COMPANIONS =
      List.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "tokenizer.model",
          "special_tokens_map.json",
          "added_tokens.json",
          "chat_template.jinja",
          "chat_template.json",
          GENERATION);

  private static final JsonMapper JSON = new JsonMapper();
  private static final System.Logger LOGGER = System.getLogger("jaxon.checkpoint");

  private RepositoryWriter() {}

  /// Writes the parameters of a configured model.
  ///
  /// @param target a directory that does not exist or is empty
  /// @param tree the parameters by path
  /// @param origin the repository that the model comes from, whose `config.json` and other files
  ///   are taken as far as they are known
  /// @param tokenizer directory with the tokenizer's files, which are copied
  /// @param mostBytes most bytes of a shard
  /// @throws CheckpointException if the configuration is of no model that the transformers library
  ///   has, or the directory cannot be written
  public static void write(
      Path target,
      TensorSource tree,
      Configuration config,
      ModelFacts facts,
      Optional<RepositoryOrigin> origin,
      Optional<Path> tokenizer,
      long mostBytes) {
    ObjectNode json =
        origin
            .flatMap(repository -> repository.configFor(config))
            .orElseGet(() -> LlamaConfigWriter.write(LlamaConfig.of(config), facts));
    TensorSource named = new RepositoryView(tree, Bindings.of(config));
    writeWhole(
        target,
        partial -> {
          SafetensorsWriter.writeDirectory(partial, named, mostBytes);
          tokenizer.ifPresent(from -> copyCompanions(from, partial));
          // A tokenizer that was chosen is not mixed with the one that was there.
          List<String> rest = tokenizer.isPresent() ? List.of(GENERATION) : COMPANIONS;
          origin.ifPresent(repository -> copyRest(repository.directory(), rest, partial));
          writeConfig(partial, json);
        });
  }

  /// Writes a repository's model once more, with its tokenizer and its own `config.json`.
  ///
  /// @param dtype element type to convert the weights to, which `config.json` then says too; as
  ///   they are without one
  /// @throws CheckpointException if the directory cannot be written
  public static void rewrite(
      Path target,
      HuggingFaceModel original,
      Configuration config,
      Optional<DType> dtype,
      long mostBytes) {
    TensorSource tree = ConvertedSource.of(original.parameters(config), dtype);
    RepositoryView named = new RepositoryView(tree, Bindings.of(config));
    writeWhole(
        target,
        partial -> {
          SafetensorsWriter.writeDirectory(partial, named, mostBytes);
          copyCompanions(original.directory(), partial);
          if (dtype.isPresent()) {
            writeConfig(partial, original.configFor(dtype.get()));
          } else {
            copy(original.directory(), ConfigFile.NAME, partial);
          }
        });
  }

  /// Copies what is not there from elsewhere.
  private static void copyRest(Path from, List<String> names, Path to) {
    if (!Files.isDirectory(from)) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "{0} is gone, from which the model comes: files that are there only are not copied",
          from);
      return;
    }
    names.stream()
        .filter(name -> !Files.exists(to.resolve(name)))
        .forEach(name -> copy(from, name, to));
  }

  private static void copyCompanions(Path from, Path to) {
    for (String name : COMPANIONS) {
      copy(from, name, to);
    }
  }

  private static void copy(Path from, String name, Path to) {
    if (Files.exists(from.resolve(name))) {
      Path file = ModelFiles.find("'" + from.resolve(name) + "'", from, name);
      SyncedFiles.write(to.resolve(name), BoundedJson.bytes(file, MOST_COMPANION_BYTES));
    }
  }

  private static void writeConfig(Path directory, ObjectNode json) {
    SyncedFiles.write(
        directory.resolve(ConfigFile.NAME),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
  }

  /// What fills a directory.
  @FunctionalInterface
  private interface Content {
    void writeTo(Path directory);
  }

  private static void writeWhole(Path target, Content content) {
    requireFree(target);
    Path absolute = target.toAbsolutePath().normalize();
    Path partial = absolute.resolveSibling(absolute.getFileName() + ".partial");
    try {
      delete(partial); // Left by a process that ended in between.
      Files.createDirectories(partial);
      content.writeTo(partial);
      SyncedFiles.sync(partial);
      Files.deleteIfExists(absolute);
      Files.move(partial, absolute, StandardCopyOption.ATOMIC_MOVE);
      Path parent = absolute.getParent();
      if (parent != null) {
        SyncedFiles.sync(parent);
      }
    } catch (IOException e) {
      discard(partial, e);
      throw CheckpointException.io("cannot write '%s'".formatted(target), e);
    } catch (RuntimeException | Error e) {
      discard(partial, e);
      throw e;
    }
  }

  private static void discard(Path partial, Throwable cause) {
    try {
      delete(partial);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private static void requireFree(Path target) {
    if (target.toAbsolutePath().normalize().getFileName() == null) {
      throw CheckpointException.usage("'%s' is no place for a model".formatted(target));
    }
    try {
      if (!Files.exists(target)) {
        return;
      }
      if (Files.isDirectory(target)) {
        try (Stream<Path> files = Files.list(target)) {
          if (files.findAny().isEmpty()) {
            return;
          }
        }
      }
    } catch (IOException e) {
      throw CheckpointException.usage("cannot read '%s': %s".formatted(target, e), e);
    }
    throw CheckpointException.usage(
        "'%s' exists already: choose a directory that does not, or is empty".formatted(target));
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
