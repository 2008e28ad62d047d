package jaxon.checkpoint.huggingface;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import jaxon.checkpoint.CheckpointException;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.tensor.Block;
import jaxon.graph.type.DType;
import jaxon.graph.type.TensorType;
import org.jspecify.annotations.Nullable;

/// Tensors under the names of a Hugging Face repository as the parameters of a model: renamed,
/// transposed, stacked, in the element types that they are stored in.
///
/// Only what is asked for is read.
public final class TreeView implements TensorSource {
  private final TensorSource source;
  private final SequencedMap<String, Binding> bindings = new LinkedHashMap<>();
  private final SequencedMap<String, TensorType> tensors = new LinkedHashMap<>();

  /// Closes `source` when it is closed.
  ///
  /// @throws CheckpointException if a tensor is missing or has another shape than the model's
  public TreeView(TensorSource source, List<Binding> bindings) {
    this.source = source;
    for (Binding binding : bindings) {
      this.bindings.put(binding.path(), binding);
      tensors.put(binding.path(), new TensorType(dtype(binding), binding.shape()));
    }
  }

  /// The element type of all tensors of a binding.
  private DType dtype(Binding binding) {
    DType dtype = null;
    for (String name : binding.names()) {
      TensorType type = source.tensors().get(name);
      if (type == null) {
        throw CheckpointException.usage(
            "the weights have no tensor '%s', which the model needs".formatted(name));
      }
      if (!type.shape().equals(binding.storedShape())) {
        throw CheckpointException.usage(
            "tensor '%s' has shape %s, but the model needs %s: weights and configuration do not belong together"
                .formatted(name, type.shape(), binding.storedShape()));
      }
      requireOneFloatType(name, type.dtype(), dtype);
      dtype = type.dtype();
    }
    if (dtype == null) {
      throw new IllegalArgumentException("no tensors for " + binding.path());
    }
    return dtype;
  }

  private static void requireOneFloatType(String name, DType found, @Nullable DType expected) {
    if (!found.isFloat()) {
      throw CheckpointException.usage(
          "tensor '%s' holds %s; weights are floats (quantized ones are not supported)"
              .formatted(name, found));
    }
    if (expected != null && found != expected) {
      throw CheckpointException.usage(
          "tensor '%s' holds %s, but that of other layers %s; set scan_layers=false, so that each layer is a tensor of its own"
              .formatted(name, found, expected));
    }
  }

  @Override
  public SequencedMap<String, TensorType> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  @Override
  public void read(String path, long[] start, long[] extent, MemorySegment into) {
    Binding binding = bindings.get(path);
    TensorType type = tensors.get(path);
    if (binding == null || type == null) {
      throw new IllegalArgumentException("no parameter '" + path + "' in this model");
    }
    new Block(start, extent).requireWithin(path, type.shape());
    int bytes = type.dtype().bytes();
    if (!binding.stacked()) {
      readLayer(binding, binding.names().getFirst(), new Block(start, extent), into, bytes);
      return;
    }
    Block inLayer =
        new Block(
            Arrays.copyOfRange(start, 1, start.length),
            Arrays.copyOfRange(extent, 1, extent.length));
    long layerBytes = inLayer.elements() * bytes;
    for (long i = 0; i < extent[0]; i++) {
      String name = binding.names().get((int) (start[0] + i));
      readLayer(binding, name, inLayer, into.asSlice(i * layerBytes, layerBytes), bytes);
    }
  }

  private void readLayer(Binding binding, String name, Block block, MemorySegment into, int bytes) {
    if (!binding.isKernel()) {
      source.read(name, block.start(), block.extent(), into);
      return;
    }
    int split = binding.inputDims();
    int rank = block.start().length;
    Block inputs =
        new Block(Arrays.copyOf(block.start(), split), Arrays.copyOf(block.extent(), split));
    Block outputs =
        new Block(
            Arrays.copyOfRange(block.start(), split, rank),
            Arrays.copyOfRange(block.extent(), split, rank));
    new KernelCopy(into, outputs.elements(), bytes)
        .fill(
            outputs.runs(binding.outputs()),
            inputs.runs(binding.inputs()),
            (row, rows, run, piece) ->
                source.read(
                    name, new long[] {row, run.from()}, new long[] {rows, run.count()}, piece));
  }

  @Override
  public void close() {
    source.close();
  }
}
