package jaxon.runtime;

import java.util.List;
import jaxon.graph.type.FunctionType;

/// A compiled graph.
public interface Executable extends AutoCloseable {
  /// The types it takes and gives: those of the graph it was compiled from.
  FunctionType type();

  /// The memory that an execution needs.
  MemoryUse memory();

  /// Runs on `inputs` and gives fresh buffers that the caller owns.
  ///
  /// Donated inputs are closed and their memory may become an output's. Throws
  /// [IllegalArgumentException] when count or types do not match, or an input is closed.
  List<Buffer> execute(List<Buffer> inputs);

  /// Releases the program's memory; closing twice does nothing.
  @Override
  void close();
}
