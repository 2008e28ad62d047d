package jaxon.checkpoint.huggingface;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import jaxon.config.Configuration;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.Shape;
import jaxon.layers.models.Models;

/// The bindings of all parameters of a configured model.
public final class Bindings {
  private Bindings() {}

  /// In the order of the model's leaves.
  public static List<Binding> of(Configuration config) {
    SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
    Tree.leavesByPath(Models.init(config).template())
        .forEach((path, leaf) -> shapes.put(path, leaf.shape()));
    return of(config, shapes);
  }

  /// For parameters of these shapes by path.
  public static List<Binding> of(Configuration config, SequencedMap<String, Shape> shapes) {
    List<Binding> bindings = new ArrayList<>();
    shapes.forEach((path, shape) ->
        bindings.add(
            switch (config.model().decoderBlock()) {
              case LLAMA2 -> LlamaNames.binding(path, shape);
            }));
    return bindings;
  }
}
