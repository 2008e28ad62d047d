package jaxon.runtime.profile;

import jaxon.graph.type.DType;

/// What a kernel has to do, whatever its time.
///
/// @param name operation and type of its first result, for example `dot_general bf16[4096, 512]`
/// @param dtype element type whose matrix roofline counts: that of the first operand
/// @param flops floating-point operations that count against the matrix roofline; 0 for work that
///   is bound by memory
/// @param bytes bytes that it must at least read and write
public record KernelWork(String name, DType dtype, long flops, long bytes) {
  /// Work of which nothing is known.
  public static final KernelWork UNKNOWN = new KernelWork("?", DType.F32, 0, 0);
}
