package jaxon.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import jaxon.graph.trace.Array;
import jaxon.graph.tree.Tree;
import jaxon.graph.type.DType;
import jaxon.graph.type.Literal;
import jaxon.graph.type.TensorType;
import jaxon.layers.models.InitializedModel;
import jaxon.runtime.Backend;
import jaxon.runtime.Buffer;
import jaxon.runtime.Buffers;
import jaxon.runtime.CompileOptions;
import jaxon.runtime.Executable;
import jaxon.runtime.Placement;
import jaxon.sharding.PartitionSpec;

/// Brings parameters to the devices, in the types in which they rest there.
///
/// @param stored the programs on parameters of the types in which they are stored
record ParameterLoader(
    Backend backend, CompileOptions options, DecodePrograms stored, RestingWeights resting) {

  /// The parameters of a source, each read when it is needed; the caller owns them.
  ///
  /// @param consumer the program that will take them, after the cache
  Buffers read(ParameterSource source, Executable consumer) {
    SequencedMap<String, Array> leaves = Tree.leavesByPath(resting.template());
    List<Buffer> done = new ArrayList<>();
    try {
      leaves.forEach((path, leaf) -> {
        int position = DecodePrograms.CACHE_SIZE + done.size();
        done.add(backend.put(leaf.type(), source.parameter(path, leaf.type()), consumer, position));
      });
    } catch (RuntimeException | Error e) {
      done.forEach(Buffer::close);
      throw e;
    }
    return new Buffers(done);
  }

  /// The initial parameters; the caller owns them.
  Buffers initial(InitializedModel model, long seed) {
    Literal key =
        Literal.wrap(
            TensorType.of(DType.UI32, 2), new int[] {(int) (seed >>> Integer.SIZE), (int) seed});
    Placement placement = new Placement(List.of(PartitionSpec.replicated(1)), stored.specs());
    try (Executable init = backend.compile(model.program().graph(), options.placed(placement));
        Buffers keys = Buffers.put(backend, init, 0, List.of(key))) {
      Buffers first = keys.execute(init);
      if (resting.isAsStored()) {
        return first;
      }
      try (first) {
        return converted(first);
      }
    }
  }

  /// These parameters in the types in which they rest; the caller owns the results.
  Buffers converted(Buffers given) {
    Placement placement = new Placement(stored.specs(), stored.specs());
    try (Executable convert =
        backend.compile(resting.program().graph(), options.placed(placement))) {
      return given.execute(convert);
    }
  }
}
