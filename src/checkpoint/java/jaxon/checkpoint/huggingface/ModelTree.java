package jaxon.checkpoint.huggingface;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.TensorSource;
import jaxon.config.Configuration;
import jaxon.graph.type.Shape;

/// Parameters by path as a configured model has them.
public final class ModelTree {
  private static final int SHOWN_DIFFERENCES = 3;

  private ModelTree() {}

  /// The parameters of `tree` in the form that the configuration asks for: layers stacked, or each
  /// by itself. Element types stay what they are.
  ///
  /// @throws CheckpointException if they are those of another model
  public static TensorSource of(TensorSource tree, Configuration config) {
    SequencedMap<String, Shape> stored = new LinkedHashMap<>();
    tree.tensors().forEach((path, type) -> stored.put(path, type.shape()));
    List<Binding> wanted = Bindings.of(config);
    SequencedMap<String, Shape> paths = new LinkedHashMap<>();
    wanted.forEach(binding -> paths.put(binding.path(), binding.shape()));
    if (isStacked(stored) == isStacked(paths)) {
      requireSame(stored, paths);
      return tree;
    }
    List<Binding> found = Bindings.of(config, stored);
    requireSame(layers(found), layers(wanted));
    return new TreeView(new RepositoryView(tree, found), wanted);
  }

  private static boolean isStacked(SequencedMap<String, Shape> paths) {
    return paths.sequencedKeySet().stream().anyMatch(LlamaNames::isStacked);
  }

  /// The shapes of what the bindings are made of, which is the same for all forms of a model.
  private static SequencedMap<String, Shape> layers(List<Binding> bindings) {
    SequencedMap<String, Shape> layers = new LinkedHashMap<>();
    for (Binding binding : bindings) {
      binding.names().forEach(name -> layers.put(name, Shape.of(binding.layerDims())));
    }
    return layers;
  }

  private static void requireSame(
      SequencedMap<String, Shape> found, SequencedMap<String, Shape> wanted) {
    List<String> differences = new ArrayList<>();
    wanted.forEach((path, shape) -> {
      Shape other = found.get(path);
      if (other == null || !shape.equals(other)) {
        differences.add(
            "%s is %s, should be %s".formatted(path, other == null ? "missing" : other, shape));
      }
    });
    found.sequencedKeySet().stream()
        .filter(path -> !wanted.containsKey(path))
        .forEach(path -> differences.add("%s has no place in the model".formatted(path)));
    if (!differences.isEmpty()) {
      throw CheckpointException.usage(
          "the parameters are of another model than the configuration: %s%s; use the configuration that they were saved with"
              .formatted(
                  differences.stream().limit(SHOWN_DIFFERENCES).collect(Collectors.joining(", ")),
                  differences.size() > SHOWN_DIFFERENCES
                      ? " and %d more".formatted(differences.size() - SHOWN_DIFFERENCES)
                      : ""));
    }
  }
}
