package jaxon.peers;

import static org.bytedeco.pytorch.global.torch.from_blob;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import jaxon.graph.type.Literal;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;

/// Float32 parameters by the paths of Jaxon's tree, one tensor for each layer:
/// `layers.3.mlp.wo.kernel`.
final class TorchWeights {
  private static final String STACKED = "layers.stacked.";
  private static final String UNROLLED = "layers.layers.";

  private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();

  /// Parameters with these initial values; those of scanned layers are taken apart.
  TorchWeights(SequencedMap<String, Literal> values) {
    values.forEach(this::add);
  }

  private void add(String path, Literal value) {
    List<Long> dims = value.type().shape().toList();
    if (!path.startsWith(STACKED)) {
      put(
          path.startsWith(UNROLLED) ? "layers." + path.substring(UNROLLED.length()) : path,
          tensor(value, dims));
      return;
    }
    try (Tensor all = tensor(value, dims)) {
      for (long layer = 0; layer < dims.getFirst(); layer++) {
        put(
            "layers." + layer + "." + path.substring(STACKED.length()),
            all.select(0, layer).clone());
      }
    }
  }

  private void put(String path, Tensor tensor) {
    tensors.put(path, tensor.set_requires_grad(true));
  }

  /// A copy in PyTorch's own memory.
  private static Tensor tensor(Literal value, List<Long> dims) {
    try (FloatPointer floats = new FloatPointer((float[]) value.toStorage())) {
      return from_blob(floats, dims.stream().mapToLong(Long::longValue).toArray()).clone();
    }
  }

  Tensor get(String path) {
    Tensor tensor = tensors.get(path);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "there is no parameter '" + path + "'; there are " + tensors.keySet());
    }
    return tensor;
  }

  /// All parameters in a fixed order.
  Collection<Tensor> all() {
    return tensors.sequencedValues();
  }
}
