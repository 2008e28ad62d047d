package jaxon.runtime;

import java.util.List;
import java.util.OptionalLong;
import jaxon.graph.type.FunctionType;

/// A compiled graph.
public interface Executable extends AutoCloseable {
  /// The types it takes and gives: those of the graph it was compiled from.
  FunctionType type();

  /// Runs on `inputs` and gives fresh buffers that the caller owns.
  ///
  /// Donated inputs are closed and their memory may become an output's. Throws
  /// [IllegalArgumentException] when count or types do not match, or an input is closed.
  List<Buffer> execute(List<Buffer> inputs);

  /// Bytes of temporaries and constants that it holds while it is open, by its memory plan; empty
  /// where the engine does not plan.
  default OptionalLong plannedBytes() {
    return OptionalLong.empty();
  }

  @Override
  void close();
}
