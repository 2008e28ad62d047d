package jaxon.runtime.plan;

/// Where a value lives while a program runs. Values that are views share the storage of what they
/// view.
public sealed interface Storage {
  /// Bytes `offset` (a multiple of [MemoryPlan#ALIGNMENT]) to `offset + bytes` of the program's
  /// arena.
  record Arena(long offset, long bytes) implements Storage {}

  /// The buffer of input `position`; written only if the input is donated.
  record Input(int position) implements Storage {}

  /// A new buffer, which becomes the program's result `position`.
  record Output(int position) implements Storage {}

  /// Memory that the planner does not manage.
  record External() implements Storage {}
}
