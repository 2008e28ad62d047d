package jaxon.checkpoint.huggingface;

import java.util.Arrays;
import java.util.List;
import jaxon.graph.type.Shape;

/// Which tensors of a repository make up a parameter, and how.
///
/// A linear layer's kernel is `[in …, out …]` here and `[out, in]` in a repository; everything else
/// is the same in both.
///
/// @param path the parameter's path in the tree
/// @param shape the parameter's shape
/// @param names the tensors in the repository: one, or one for each layer where the parameter has a
///   leading dim of layers
/// @param stacked whether it has
/// @param inputDims how many dims of a kernel are inputs; 0 for what is no kernel
public record Binding(
    String path, Shape shape, List<String> names, boolean stacked, int inputDims) {
  public Binding {
    names = List.copyOf(names);
  }

  boolean isKernel() {
    return inputDims > 0;
  }

  /// The shape of one layer's part, or of the whole where nothing is stacked.
  long[] layerDims() {
    long[] dims = shape.toArray();
    return stacked ? Arrays.copyOfRange(dims, 1, dims.length) : dims;
  }

  /// The input dims of a kernel.
  long[] inputs() {
    return Arrays.copyOf(layerDims(), inputDims);
  }

  /// The output dims of a kernel.
  long[] outputs() {
    long[] dims = layerDims();
    return Arrays.copyOfRange(dims, inputDims, dims.length);
  }

  /// The shape of each tensor in the repository.
  Shape storedShape() {
    return isKernel()
        ? Shape.of(Shape.of(outputs()).elements(), Shape.of(inputs()).elements())
        : Shape.of(layerDims());
  }
}
