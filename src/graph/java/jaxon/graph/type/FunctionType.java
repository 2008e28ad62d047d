package jaxon.graph.type;

import java.util.List;

/// The types that a graph takes and gives.
public record FunctionType(List<TensorType> inputs, List<TensorType> outputs) {
  public FunctionType {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  @Override
  public String toString() {
    return inputs + " -> " + outputs;
  }
}
