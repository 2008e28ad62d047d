package jaxon.runtime;

import java.util.List;
import jaxon.graph.type.FunctionType;
import jaxon.graph.type.TensorType;

/// The memory that an execution needs, known before it runs.
///
/// @param argumentBytes the inputs
/// @param resultBytes the outputs, also those that take over donated inputs
/// @param temporaryBytes what is held between the steps of the program; kept from one execution to
///   the next
/// @param constantBytes constants of the program, kept as long as it is
/// @param kernelBytes scratch memory that the kernels' threads have of their own, which all
///   programs share
/// @param peakBytes all that is held at once at most, with each byte counted once
public record MemoryUse(
    long argumentBytes,
    long resultBytes,
    long temporaryBytes,
    long constantBytes,
    long kernelBytes,
    long peakBytes) {
  /// The use of a program of `type`.
  ///
  /// @param freshBytes the outputs that do not take over donated inputs
  public static MemoryUse of(
      FunctionType type,
      long freshBytes,
      long temporaryBytes,
      long constantBytes,
      long kernelBytes) {
    long arguments = bytes(type.inputs());
    return new MemoryUse(
        arguments,
        bytes(type.outputs()),
        temporaryBytes,
        constantBytes,
        kernelBytes,
        arguments + freshBytes + temporaryBytes + constantBytes + kernelBytes);
  }

  /// What both need at the same time, on devices of one process.
  public MemoryUse plus(MemoryUse other) {
    return new MemoryUse(
        argumentBytes + other.argumentBytes,
        resultBytes + other.resultBytes,
        temporaryBytes + other.temporaryBytes,
        constantBytes + other.constantBytes,
        kernelBytes + other.kernelBytes,
        peakBytes + other.peakBytes);
  }

  private static long bytes(List<TensorType> types) {
    return types.stream().mapToLong(TensorType::bytes).sum();
  }
}
