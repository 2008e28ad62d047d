package jaxon.checkpoint.huggingface;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import jaxon.checkpoint.TensorSource;
import jaxon.checkpoint.tensor.Block;
import jaxon.checkpoint.tensor.Lookup;
import jaxon.graph.type.TensorType;

/// The parameters of a model under the names and in the layout of a Hugging Face repository: the
/// inverse of [TreeView].
///
/// Both together change the form of a model: from layers stacked to each by itself, for example.
public final class RepositoryView implements TensorSource {
  /// Where a tensor comes from.
  ///
  /// @param layer index in the leading dim of a stacked parameter
  private record Origin(Binding binding, int layer) {}

  private final TensorSource source;
  private final SequencedMap<String, Origin> origins = new LinkedHashMap<>();
  private final SequencedMap<String, TensorType> tensors = new LinkedHashMap<>();

  /// Closes `source` when it is closed.
  public RepositoryView(TensorSource source, List<Binding> bindings) {
    this.source = source;
    for (Origin origin : inOrder(bindings)) {
      Binding binding = origin.binding();
      TensorType type = Lookup.require(source.tensors(), binding.path());
      String name = binding.names().get(origin.layer());
      origins.put(name, origin);
      tensors.put(name, new TensorType(type.dtype(), binding.storedShape()));
    }
  }

  /// Stacked parameters are taken apart layer by layer, so that the tensors of a layer are
  /// together.
  private static List<Origin> inOrder(List<Binding> bindings) {
    List<Origin> ordered = new ArrayList<>();
    List<Binding> stack = new ArrayList<>();
    for (Binding binding : bindings) {
      if (binding.stacked()) {
        stack.add(binding);
        continue;
      }
      addLayers(stack, ordered);
      ordered.add(new Origin(binding, 0));
    }
    addLayers(stack, ordered);
    return ordered;
  }

  private static void addLayers(List<Binding> stack, List<Origin> ordered) {
    int layers = stack.stream().mapToInt(binding -> binding.names().size()).max().orElse(0);
    for (int i = 0; i < layers; i++) {
      for (Binding binding : stack) {
        ordered.add(new Origin(binding, i));
      }
    }
    stack.clear();
  }

  @Override
  public SequencedMap<String, TensorType> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  @Override
  public void read(String path, long[] start, long[] extent, MemorySegment into) {
    TensorType type = Lookup.require(tensors, path);
    Origin origin = origins.get(path);
    if (origin == null) {
      throw new IllegalStateException("no origin of " + path);
    }
    new Block(start, extent).requireWithin(path, type.shape());
    Binding binding = origin.binding();
    if (!binding.isKernel()) {
      readParameter(origin, new Block(start, extent), into);
      return;
    }
    int bytes = type.dtype().bytes();
    List<Block.Run> rows = List.of(new Block.Run(start[1], extent[1]));
    List<Block.Run> columns = List.of(new Block.Run(start[0], extent[0]));
    new KernelCopy(into, extent[1], bytes)
        .fill(
            rows,
            columns,
            (row, count, run, piece) -> readMatrix(origin, row, count, run, piece, bytes));
  }

  /// Reads a rectangle of a kernel as a matrix `[in, out]`.
  private void readMatrix(
      Origin origin, long row, long rows, Block.Run columns, MemorySegment into, int bytes) {
    long[] inputs = origin.binding().inputs();
    long[] outputs = origin.binding().outputs();
    List<Block> parts = Block.covering(outputs, columns.from(), columns.count());
    long at = 0;
    // A block of the parameter is a rectangle of the matrix; where the columns are several blocks,
    // that holds for one row only.
    long step = parts.size() == 1 ? rows : 1;
    for (long done = 0; done < rows; done += step) {
      for (Block in : Block.covering(inputs, row + done, step)) {
        for (Block out : parts) {
          long size = in.elements() * out.elements() * bytes;
          readParameter(origin, joined(in, out), into.asSlice(at, size));
          at += size;
        }
      }
    }
  }

  private static Block joined(Block in, Block out) {
    return new Block(
        concatenated(in.start(), out.start()), concatenated(in.extent(), out.extent()));
  }

  /// Reads from the parameter, within the layer.
  private void readParameter(Origin origin, Block block, MemorySegment into) {
    long[] start = block.start();
    long[] extent = block.extent();
    if (origin.binding().stacked()) {
      start = concatenated(new long[] {origin.layer()}, start);
      extent = concatenated(new long[] {1}, extent);
    }
    source.read(origin.binding().path(), start, extent, into);
  }

  private static long[] concatenated(long[] first, long[] second) {
    long[] all = new long[first.length + second.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  @Override
  public void close() {
    source.close();
  }
}
