package jaxon.checkpoint.huggingface;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.safetensors.BoundedJson;
import jaxon.checkpoint.tensor.Block;
import jaxon.checkpoint.tensor.Lookup;
import jaxon.checkpoint.weights.WeightsDirectory;
import jaxon.config.Configuration;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import tools.jackson.databind.node.ObjectNode;

/// A directory in the form of a Hugging Face repository: `config.json` and weights.
///
/// Its weights stay mapped until it is closed.
public final class HuggingFaceModel implements AutoCloseable {
  private static final long PIECE = 1 << 20;

  private final Path directory;
  private final ConfigFile file;
  private final LlamaConfig config;
  private final WeightsDirectory weights;

  private HuggingFaceModel(
      Path directory, ConfigFile file, LlamaConfig config, WeightsDirectory weights) {
    this.directory = directory;
    this.file = file;
    this.config = config;
    this.weights = weights;
  }

  /// Whether a directory has the form of a repository.
  public static boolean isAt(Path directory) {
    return Files.exists(directory.resolve(ConfigFile.NAME));
  }

  /// Opens a directory.
  ///
  /// @throws CheckpointException if it is none, or a file in it cannot be used
  public static HuggingFaceModel open(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw CheckpointException.usage("'%s' is not a directory".formatted(directory));
    }
    Path file = directory.resolve(ConfigFile.NAME);
    if (!Files.exists(file)) {
      throw CheckpointException.usage(
          "'%s' has no %s, which every Hugging Face repository of a model has"
              .formatted(directory, ConfigFile.NAME));
    }
    ConfigFile json = ConfigFile.read(file);
    LlamaConfig config = LlamaConfig.read(json); // Before the weights: it is quicker.
    WeightsDirectory weights = WeightsDirectory.open(directory);
    try {
      HuggingFaceModel model = new HuggingFaceModel(directory, json, config, weights);
      model.requireAllLayers();
      return model;
    } catch (RuntimeException | Error e) {
      weights.close();
      throw e;
    }
  }

  /// A number of layers that the weights do not have must not cost anything.
  private void requireAllLayers() {
    String last = LlamaNames.inLayer(config.numHiddenLayers() - 1, "input_layernorm");
    if (!weights.tensors().containsKey(last)) {
      throw CheckpointException.usage(
          "%s has num_hidden_layers %,d, but the weights have no tensor '%s'"
              .formatted(file.place(), config.numHiddenLayers(), last));
    }
  }

  public Path directory() {
    return directory;
  }

  /// Settings `key=value` of a configuration that make the repository's model.
  public List<String> settings() {
    List<String> settings = new ArrayList<>(config.settings());
    file.optionalSize(ModelFacts.MAX_POSITIONS, RopeScaling.MOST_POSITIONS)
        .ifPresent(positions -> settings.add(ModelFacts.MAX_POSITIONS + "=" + positions));
    return settings;
  }

  /// What a checkpoint of this model should remember.
  public RepositoryOrigin origin() {
    return new RepositoryOrigin(directory.toAbsolutePath().normalize(), file);
  }

  /// The tensors as they are stored, under their names in the repository.
  public TensorSource stored() {
    return weights;
  }

  /// The parameters of a configured model by path in the tree, in the types that they are stored
  /// in; open as long as this is.
  ///
  /// @throws CheckpointException if the configuration is of another model, or the weights are
  public TensorSource parameters(Configuration configuration) {
    LlamaConfig wanted = LlamaConfig.of(configuration);
    if (!wanted.equals(config)) {
      throw CheckpointException.usage(
          "%s describes another model than the configuration: it says %s, the configuration %s"
              .formatted(file.place(), config, wanted));
    }
    List<Binding> bindings = Bindings.of(configuration);
    TreeView view = new TreeView(weights, bindings);
    requireNothingElse(bindings);
    return view;
  }

  /// A tensor that the model has no place for would change what it computes.
  private void requireNothingElse(List<Binding> bindings) {
    Set<String> known = new HashSet<>();
    bindings.forEach(binding -> known.addAll(binding.names()));
    for (String name : weights.tensors().keySet()) {
      if (known.contains(name) || LlamaNames.isDerived(name)) {
        continue;
      }
      if (config.tieWordEmbeddings() && name.equals(LlamaNames.HEAD)) {
        requireTiedHead();
        continue;
      }
      throw CheckpointException.usage(
          "'%s' holds tensor '%s', for which a Llama as %s says has no place"
              .formatted(directory, BoundedJson.shown(name), file.place()));
    }
  }

  private void requireTiedHead() {
    TensorType head = Lookup.require(weights.tensors(), LlamaNames.HEAD);
    TensorType table = Lookup.require(weights.tensors(), LlamaNames.EMBEDDING);
    if (!head.equals(table) || !sameBytes(head)) {
      throw CheckpointException.usage(
          "%s says tie_word_embeddings, but %s is not %s"
              .formatted(file.place(), LlamaNames.HEAD, LlamaNames.EMBEDDING));
    }
  }

  private boolean sameBytes(TensorType type) {
    for (Block piece : Block.all(type.shape()).pieces(PIECE)) {
      try (Arena arena = Arena.ofConfined()) {
        long bytes = piece.elements() * type.dtype().bytes();
        MemorySegment head = arena.allocate(bytes);
        MemorySegment table = arena.allocate(bytes);
        weights.read(LlamaNames.HEAD, piece.start(), piece.extent(), head);
        weights.read(LlamaNames.EMBEDDING, piece.start(), piece.extent(), table);
        if (head.mismatch(table) >= 0) {
          return false;
        }
      }
    }
    return true;
  }

  /// The repository's own `config.json` for weights of a type.
  ObjectNode configFor(DType dtype) {
    return LlamaConfigWriter.withDType(file, dtype);
  }

  @Override
  public void close() {
    weights.close();
  }
}
